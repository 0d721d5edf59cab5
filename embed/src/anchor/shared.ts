/** What the parts loaded later take from the anchor. */

export { overlap, isSeen } from "./place";
export { visible } from "./element";
export { changes, find, whereIs } from "./target";
export { frameOf } from "./view";
