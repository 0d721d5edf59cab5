/** The runtime as one file: what the loader calls, and what the later parts import. */

export { start as default } from "./session";
