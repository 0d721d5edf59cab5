/** Beside the page's own modal dialogs: outside of the topmost one nothing can be used, so that is where we go; and beside its popovers, which a press outside of them closes. Loaded with the first. */

import { listen } from "../core/exports";
import { HOST_TOP_LAYER, openSurfaces } from "./exports";

let lastOpened: unknown;
let repairs = 0;

listen("toggle", ({ newState, target }: ToggleEvent) => {
  if (newState === "open") lastOpened = target;
});

/** The topmost dialog, or the popover that holds what we stand on, if there is one. */
export function findDialogParent(element: Element): Element | undefined {
  // a page makes all around its dialogs inert, and us with them; should it insist, it wins
  for (const name of ["inert", "aria-hidden"]) if (element.hasAttribute(name) && repairs++ < 50) element.removeAttribute(name);
  const near = openSurfaces.at(-1)?.options.anchor?.();
  const modals = [...document.querySelectorAll(HOST_TOP_LAYER)].filter((each) => each.matches("dialog:modal") || (near && each.contains(near)));
  return modals.find((each) => each === lastOpened) ?? modals.at(-1);
}
