/** Finds the element of a target, and notices DOM changes, at most once a frame. */

import type { Target } from "bodies";
import type { DeepFindChunk } from "../types/contracts";
import type { Props, Rect } from "../types/kit";
import { chunks, guard, warn } from "../core/exports";
import { cssOf, visible } from "./selector";
import { visibleFrame } from "../ui/clipping";

let deepFind: DeepFindChunk | undefined;
let loading: Promise<void> | undefined;

/** The outcome of the lookup and its page, as props of an event. */
export const lookupProps = (target: Target): Props => ({ page: location.pathname, ...deepFind?.describeSearch(target) });

/** The box of an element in our window, and the part of the window in which it is visible. */
export const locate = (element: Element): [Rect, Rect] => deepFind?.locate(element) ?? [element.getBoundingClientRect(), visibleFrame(element)];

/** The first visible element of a target; loads the deep-find chunk where a plain selector is not enough. */
export function find(target: Target, thorough?: boolean): Element | null {
  const { by, value, refine } = target;
  const isPlain = by < "p" && !refine && !value[1e3]; // a name or css, of bearable length
  try {
    const css = cssOf(by, value);
    if (isPlain) for (const element of Document.prototype.querySelectorAll.call(document, css)) if (visible(element)) return element;
  } catch {
    // not a selector of this document
  }
  if (isPlain && !thorough) return null;
  loading ??= chunks.load("deep-find").then((loaded) => {
    deepFind = loaded;
    notify();
  }, warn);
  return deepFind?.find(target, notify) ?? null;
}

const listeners = new Set<() => void>();
let observer: MutationObserver | undefined;
let frame = 0;

/** Calls back after DOM changes, at most once a frame; returns how to stop. */
export function onDomChange(changed: () => void): () => void {
  const safe = guard(changed);
  listeners.add(safe);
  observer ??= new MutationObserver(scheduleNotify);
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["class", "style", "hidden", "open", "data-handrail-target"] });
  return () => {
    listeners.delete(safe);
    if (!listeners.size) observer!.disconnect();
  };
}

/** Notifies the listeners in the next frame. */
export function scheduleNotify(): void {
  frame ||= requestAnimationFrame(notify);
}

function notify(): void {
  frame = 0;
  listeners.forEach((ask) => ask());
}
