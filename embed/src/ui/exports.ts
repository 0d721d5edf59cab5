/** What the chunks loaded later use of the kit's user interface. */

export { el } from "./dom";
export { extensions } from "./extensions";
export { reattachRoot } from "./root";
export { t } from "./strings";
export { addStylesheet } from "./stylesheets";
export { createSurface } from "./surface";
export { openSurfaces, raiseAll } from "./top-layer";
