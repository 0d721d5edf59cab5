/** Clicks on the page, whatever of ours asks for them. */

import { listen } from "../core/exports";

/** Hear each click, and on what it began: what opens by the press alone may lie above the element when that is let go. */
export function onPageClick(listener: (path: EventTarget[]) => void): () => void {
  let pressed: EventTarget[] = [];
  return listen("pointerdown click", (event: Event) => {
    const path = event.composedPath();
    if (event.type === "click") listener(pressed.splice(0).concat(path));
    else pressed = path;
  });
}
