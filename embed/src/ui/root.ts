/** Keeps our one element in the document: at the end of the body, also after the page replaces its body. */

import { chunks, guard, listen, warn } from "../core/exports";
import { documentProperty, setStyles } from "./dom";
import type { HostDialogsChunk } from "../types/contracts";
import { HOST_TOP_LAYER, raiseAll } from "./top-layer";

let rootElement: HTMLElement;
let observer: MutationObserver;
/** Loaded once the host page has opened a dialog or popover. */
let hostDialogs: HostDialogsChunk | undefined;

/** Moves our element to the body or into the host's dialog; does nothing when it is there. */
export const reattachRoot = guard(() => {
  const body = documentProperty("body");
  if (!hostDialogs && (rootElement.matches("[inert],[aria-hidden]") || document.querySelector(HOST_TOP_LAYER)))
    chunks.load("host-dialogs").then((part) => {
      hostDialogs = part;
      reattachRoot();
    }, warn);
  const parent = hostDialogs?.findDialogParent(rootElement) ?? body;
  // undoes the CSS zoom of the page: our coordinates are those of the window
  setStyles(rootElement, { "--zoom": `${1 / ((parent as { currentCSSZoom?: number } | null)?.currentCSSZoom ?? 1)}` });
  if (!parent || rootElement.parentNode === parent) return;
  parent.append(rootElement);
  observer.disconnect();
  observer.observe(rootElement, { attributes: true });
  for (const node of [document, body!.parentNode!, body!]) observer.observe(node, { childList: true, subtree: parent !== body });
  raiseAll();
});

/** Inserts our element and watches over it. */
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
