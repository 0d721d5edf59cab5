/** What the parts loaded later take from the anchor. */

export { overlap, isSeen } from "./place";
export { changes, find, visible, whereIs } from "./target";
export { frameOf } from "./view";
