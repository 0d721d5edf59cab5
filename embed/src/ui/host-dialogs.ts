/** Finds the host's modal dialog or popover our element has to move into: outside a modal everything is inert, and a press outside closes a popover. Loaded with the first. */

import { listen } from "../core/exports";
import { openSurfaces } from "./exports";
import { HOST_TOP_LAYER } from "./top-layer";

let lastOpened: unknown;
let repairs = 0;

listen("toggle", ({ newState, target }: ToggleEvent) => {
  if (newState === "open") lastOpened = target;
});

/** The host's topmost modal, or the popover that contains our anchor, if there is one. */
export function findDialogParent(element: Element): Element | undefined {
  // pages make everything around their dialogs inert; after 50 repairs the page wins
  for (const name of ["inert", "aria-hidden"]) if (element.hasAttribute(name) && repairs++ < 50) element.removeAttribute(name);
  const near = openSurfaces.at(-1)?.options.anchor?.();
  const modals = [...document.querySelectorAll(HOST_TOP_LAYER)].filter((each) => each.matches("dialog:modal") || (near && each.contains(near)));
  return modals.find((each) => each === lastOpened) ?? modals.at(-1);
}
