/** The runtime as one file: what the loader calls, and nothing else. */

export { start as default } from "./runtime";
