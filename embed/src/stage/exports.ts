/** What the chunks loaded later use of the stage. */

export { isBegun, remember } from "./progress";
export { ask, facts, isEnded, isSnoozed, mayStart, show } from "./scheduler";
export { end, ended, guides, lanes, shown, stateOf } from "./state";
