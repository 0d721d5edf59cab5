/** What the chunks loaded later use of the stage. */

export { getProgress, isStarted, saveProgress } from "./progress";
export { reschedule, ruleFacts, isEnded, isSnoozed, mayStart, show } from "./scheduler";
export { reportEvent } from "./showing";
export { endShowing, closedHere, guides, occupiedLanes, showings, stateOf } from "./state";
