/** What the chunks loaded later use of the kit's user interface. */

export { frameOf } from "./clipping";
export { el, own, put } from "./dom";
export { learned } from "./extensions";
export { isSeen, overlap } from "./geometry";
export { home } from "./root";
export { say } from "./strings";
export { adopt } from "./stylesheets";
export { dialog } from "./surface";
export { ABOVE, open, raiseAll } from "./top-layer";
