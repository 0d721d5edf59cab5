/** What the chunks loaded later use of the kit's user interface. */

export { visibleFrame } from "./clipping";
export { el, documentProperty, setStyles } from "./dom";
export { extensions } from "./extensions";
export { isSeen, overlap } from "./geometry";
export { reattachRoot } from "./root";
export { t } from "./strings";
export { addStylesheet } from "./stylesheets";
export { createSurface } from "./surface";
export { HOST_TOP_LAYER, openSurfaces, raiseAll } from "./top-layer";
