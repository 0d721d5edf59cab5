/** Clicks on the page. */

import { listen } from "../core/exports";

/** Listens to clicks; the path has where the press began too, since a menu that opens on press may cover the element on release. */
export function onPageClick(listener: (path: EventTarget[]) => void): () => void {
  let pressed: EventTarget[] = [];
  return listen("pointerdown click", (event: Event) => {
    const path = event.composedPath();
    if (event.type === "click") listener(pressed.splice(0).concat(path));
    else pressed = path;
  });
}
