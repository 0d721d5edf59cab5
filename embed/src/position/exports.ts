/** What the parts loaded later take from the anchor. */

export { overlap, isSeen } from "./placement";
export { visible } from "../target/selector";
export { changes, find, whereIs } from "../target/find";
export { frameOf } from "../ui/clipping";
