/** Where our one element stands: at the end of the body, and back again when the page swaps its body or writes itself anew. */

import { chunks, guard, listen, warn } from "../core/exports";
import { documentProperty, setStyles } from "./dom";
import type { HostDialogsChunk } from "../types/contracts";
import { HOST_TOP_LAYER, raiseAll } from "./top-layer";

let rootElement: HTMLElement;
let observer: MutationObserver;
/** Knows its way around the page's own modal dialogs, once there was one. */
let hostDialogs: HostDialogsChunk | undefined;

/** Go to where we belong now; nothing happens when we are there. */
export const reattachRoot = guard(() => {
  const body = documentProperty("body");
  if (!hostDialogs && (rootElement.matches("[inert],[aria-hidden]") || document.querySelector(HOST_TOP_LAYER)))
    chunks.load("host-dialogs").then((part) => {
      hostDialogs = part;
      reattachRoot();
    }, warn);
  const parent = hostDialogs?.findDialogParent(rootElement) ?? body;
  // what the page enlarges, we are not: our numbers are those of the window
  setStyles(rootElement, { "--zoom": `${1 / ((parent as { currentCSSZoom?: number } | null)?.currentCSSZoom ?? 1)}` });
  if (!parent || rootElement.parentNode === parent) return;
  parent.append(rootElement);
  observer.disconnect();
  observer.observe(rootElement, { attributes: true });
  for (const node of [document, body!.parentNode!, body!]) observer.observe(node, { childList: true, subtree: parent !== body });
  raiseAll();
});

/** Take care of it from now on. */
export function mountRoot(element: HTMLElement): void {
  rootElement = element;
  observer = new MutationObserver(reattachRoot);
  reattachRoot();
  listen("toggle", ({ newState }: ToggleEvent) => {
    reattachRoot();
    if (newState === "open") raiseAll();
  });
}

export function removeRoot(): void {
  observer.disconnect();
  rootElement.remove();
}
