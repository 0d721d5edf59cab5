/** What the anchor and the parts loaded later take from the kit. */

export { el, own, put } from "./dom";
export { home } from "./root";
export { learned } from "./extensions";
export { isBegun, remember } from "../stage/progress";
export { say } from "./strings";
export { adopt } from "./stylesheets";
export { ask, end, ended, facts, guides, isEnded, isSnoozed, lanes, mayStart, show, shown, stateOf } from "../stage/scheduler";
export { ABOVE, dialog, open, raiseAll } from "./surface";
