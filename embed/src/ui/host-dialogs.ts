/** Beside the page's own modal dialogs: outside of the topmost one nothing can be used, so that is where we go; and beside its popovers, which a press outside of them closes. Loaded with the first. */

import { listen } from "../core/exports";
import { ABOVE, open } from "./exports";

let opened: unknown;
let fights = 0;

listen("toggle", ({ newState, target }: ToggleEvent) => {
  if (newState === "open") opened = target;
});

/** The topmost dialog, or the popover that holds what we stand on, if there is one. */
export function parentOf(element: Element): Element | undefined {
  // a page makes all around its dialogs inert, and us with them; should it insist, it wins
  for (const name of ["inert", "aria-hidden"]) if (element.hasAttribute(name) && fights++ < 50) element.removeAttribute(name);
  const near = open.at(-1)?.options.near?.();
  const modals = [...document.querySelectorAll(ABOVE)].filter((each) => each.matches("dialog:modal") || (near && each.contains(near)));
  return modals.find((each) => each === opened) ?? modals.at(-1);
}
