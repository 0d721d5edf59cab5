/** Finds the element that is meant, and notices when the page changes, at most once a frame. */

import type { Target } from "bodies";
import { files, guard, warn } from "../shared";

type Find = (target: Target) => Element | null;

let deep: Find | undefined;
let loading: Promise<void> | undefined;

/** Present and visible to people. */
export const visible = (element: Element): boolean => !!element.getClientRects().length && (element.checkVisibility?.({ visibilityProperty: true }) ?? true);

/** The first visible element that is meant; by its text, or within shadow roots, with a finder that is loaded when it is needed. */
export function find(target: Target, thorough?: boolean): Element | null {
  const { by, value } = target;
  if (!value || value.length > 1000) return null;
  try {
    const css = by === "css" ? value : `[data-handrail-target="${CSS.escape(value)}"]`;
    if (by !== "text") for (const element of Document.prototype.querySelectorAll.call(document, css)) if (visible(element)) return element;
    if (by !== "text" && !thorough) return null;
    loading ??= files.load("finder").then((loaded) => {
      deep = (loaded as { find: Find }).find;
      tell();
    }, warn);
    return deep?.(target) ?? null;
  } catch {
    return null; // a selector that is none
  }
}

const askers = new Set<() => void>();
let observer: MutationObserver | undefined;
let frame = 0;

/** Call back after the page's elements changed, at most once a frame; hands back how to stop. */
export function changes(changed: () => void): () => void {
  const safe = guard(changed);
  askers.add(safe);
  if (!observer) {
    observer = new MutationObserver(() => (frame ||= requestAnimationFrame(tell)));
    observer.observe(document, { subtree: true, childList: true, attributeFilter: ["class", "style", "hidden", "open", "data-handrail-target"] });
  }
  return () => {
    askers.delete(safe);
    if (askers.size) return;
    observer?.disconnect();
    observer = undefined;
  };
}

function tell(): void {
  frame = 0;
  askers.forEach((ask) => ask());
}
