/** What the kit chunk exports: called by the runtime, once. */

export { createStage } from "./create";
