/** The kit as one file, loaded with the first guide: what the runtime calls, and what the later parts import. */

export * from "./shared";
export * from "../anchor/shared";
export { createStage } from "./whole";
