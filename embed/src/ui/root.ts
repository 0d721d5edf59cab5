/** Where our one element stands: at the end of the body, and back again when the page swaps its body or writes itself anew. */

import { files, guard, listen, warn } from "../core/exports";
import { own, put } from "./dom";
import type { HostDialogsChunk } from "../types/contracts";
import { ABOVE, raiseAll } from "./top-layer";

let element: HTMLElement;
let eye: MutationObserver;
/** Knows its way around the page's own modal dialogs, once there was one. */
let guest: HostDialogsChunk | undefined;

/** Go to where we belong now; nothing happens when we are there. */
export const home = guard(() => {
  const body = own("body");
  if (!guest && (element.matches("[inert],[aria-hidden]") || document.querySelector(ABOVE)))
    files.load("host-dialogs").then((part) => {
      guest = part;
      home();
    }, warn);
  const parent = guest?.parentOf(element) ?? body;
  // what the page enlarges, we are not: our numbers are those of the window
  put(element, { "--zoom": `${1 / ((parent as { currentCSSZoom?: number } | null)?.currentCSSZoom ?? 1)}` });
  if (!parent || element.parentNode === parent) return;
  parent.append(element);
  eye.disconnect();
  eye.observe(element, { attributes: true });
  for (const place of [document, body!.parentNode!, body!]) eye.observe(place, { childList: true, subtree: parent !== body });
  raiseAll();
});

/** Take care of it from now on. */
export function keep(ours: HTMLElement): void {
  element = ours;
  eye = new MutationObserver(home);
  home();
  listen("toggle", ({ newState }: ToggleEvent) => {
    home();
    if (newState === "open") raiseAll();
  });
}

export function leaveHome(): void {
  eye.disconnect();
  element.remove();
}
