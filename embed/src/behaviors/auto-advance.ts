/** Goes on by time, which stands still while the person points at the step, uses it, or looks elsewhere. */

import { el, put } from "../ui/exports";
import type { SurfaceOptions } from "../types/kit";
import { guard, listen } from "../core/exports";
import { isAsking } from "./confirm-close";
import { word } from "./strings";

/** However long it stood still: nothing goes away in the moment people turn from it. */
const LEAST = 1000;

export function ticking(root: ShadowRoot, node: HTMLElement, options: SurfaceOptions): () => () => void {
  const { seconds = 8, next, shown } = options;
  const bar = el("div", { class: "time", role: "img", "aria-label": word("time", { n: seconds }) }, el("i"));
  put(bar, { "--time": seconds + "s" });
  let left = seconds * 1000;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPainted = false;
  /** The focus was brought here by us; that is no sign of use. */
  let brought = !!(options.modal || options.focus);
  const isUsed = (): boolean => node.contains(root.activeElement) && !(brought && root.activeElement === node);
  const isStill = (): boolean => !isPainted || document.hidden || isAsking() || node.matches(":hover") || isUsed();
  const stop = (): void => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    left = Math.max(LEAST, left - (Date.now() - since));
  };
  const fire = guard(() => {
    timer = undefined;
    left = LEAST;
    if (isStill()) look();
    else next?.();
  });
  const look = (): void => {
    const still = isStill();
    node.toggleAttribute("data-still", still);
    if (still && !isAsking()) return stop();
    if (timer) return;
    since = Date.now();
    timer = setTimeout(fire, left);
  };
  options.shown = () => {
    shown?.();
    isPainted = true;
    look();
  };
  const focused = (event: Event): void => {
    const target = event.composedPath()[0] as Node;
    if (event.type === "focusin" ? target !== node && node.contains(target) : !node.contains(root.activeElement)) brought = false;
    // the focus is between two places in this moment
    queueMicrotask(look);
  };
  return () => {
    node.append(bar);
    const stops = [
      listen("pointerenter pointerleave", look, node),
      listen("focusin focusout", focused, node),
      // what comes from the page is heard up there only
      listen("focusin", focused),
      listen("visibilitychange", look),
    ];
    look();
    return () => {
      stops.forEach((end) => end());
      stop();
    };
  };
}
