/** Finds the element that is meant, and notices when the page changes, at most once a frame. */

import type { Target } from "bodies";
import type { DeepFindChunk } from "../types/contracts";
import type { Props, Rect } from "../types/kit";
import { files, guard, warn } from "../core/exports";
import { cssOf, visible } from "./selector";
import { frameOf } from "../ui/clipping";

let finder: DeepFindChunk | undefined;
let loading: Promise<void> | undefined;

/** As props of an event: on which page; why it was not found, or how well it was, now and then. */
export const sayOf = (target: Target): Props => ({ page: location.pathname, ...finder?.say(target) });

/** Its box in our window, and the part of the window in which it can be seen; the finder knows about frames. */
export const whereIs = (element: Element): [Rect, Rect] => finder?.whereIs(element) ?? [element.getBoundingClientRect(), frameOf(element)];

/** The first visible element that is meant; what asks for more than a name or a selector goes to a finder that is loaded when it is needed. */
export function find(target: Target, thorough?: boolean): Element | null {
  const { by, value, refine } = target;
  const isPlain = by < "p" && !refine && !value[1e3]; // a name or css, of bearable length
  try {
    const css = cssOf(by, value);
    if (isPlain) for (const element of Document.prototype.querySelectorAll.call(document, css)) if (visible(element)) return element;
  } catch {
    // a selector that is none, or one that leads into a frame
  }
  if (isPlain && !thorough) return null;
  loading ??= files.load("deep-find").then((loaded) => {
    finder = loaded;
    tell();
  }, warn);
  return finder?.find(target, tell) ?? null;
}

const askers = new Set<() => void>();
let observer: MutationObserver | undefined;
let frame = 0;

/** Call back after the page's elements changed, at most once a frame; hands back how to stop. */
export function changes(changed: () => void): () => void {
  const safe = guard(changed);
  askers.add(safe);
  observer ??= new MutationObserver(soon);
  observer.observe(document, { subtree: true, childList: true, attributeFilter: ["class", "style", "hidden", "open", "data-handrail-target"] });
  return () => {
    askers.delete(safe);
    if (!askers.size) observer!.disconnect();
  };
}

/** Whoever waits for changes looks again in the next frame. */
export function soon(): void {
  frame ||= requestAnimationFrame(tell);
}

function tell(): void {
  frame = 0;
  askers.forEach((ask) => ask());
}
