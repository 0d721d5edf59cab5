/** What the anchor and the parts loaded later take from the kit. */

export { el, own, put } from "./dom";
export { home } from "./home";
export { learned } from "./learned";
export { isBegun, remember } from "./memory";
export { say } from "./say";
export { adopt } from "./sheets";
export { ask, end, ended, facts, guides, isEnded, isSnoozed, lanes, mayStart, show, shown, stateOf } from "./stage";
export { ABOVE, dialog, open, raiseAll } from "./surface";
