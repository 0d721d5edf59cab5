/** What the parts loaded later still take from the kit. */

export { el, put } from "./dom";
export { isBegun, remember } from "./memory";
export { ask, end, facts, guides, isEnded, isSnoozed, lanes, mayStart, show, shown, stateOf } from "./stage";
export { raiseAll } from "./surface";
