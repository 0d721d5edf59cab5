/** Goes on by time, which stands still while the person points at the step, uses it, or looks elsewhere. */

import { el, setStyles } from "../ui/exports";
import type { SurfaceOptions } from "../types/kit";
import { guard, listen } from "../core/exports";
import { isAskingToClose } from "./confirm-close";
import { t } from "./strings";

/** However long it stood still: nothing goes away in the moment people turn from it. */
const MIN_MS = 1000;

export function autoAdvance(root: ShadowRoot, node: HTMLElement, options: SurfaceOptions): () => () => void {
  const { seconds = 8, next, shown } = options;
  const bar = el("div", { class: "countdown", role: "img", "aria-label": t("time", { n: seconds }) }, el("i"));
  setStyles(bar, { "--duration": seconds + "s" });
  let remaining = seconds * 1000;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPainted = false;
  /** The focus was brought here by us; that is no sign of use. */
  let wasFocusedByUs = !!(options.modal || options.focus);
  const isUsed = (): boolean => node.contains(root.activeElement) && !(wasFocusedByUs && root.activeElement === node);
  const isPaused = (): boolean => !isPainted || document.hidden || isAskingToClose() || node.matches(":hover") || isUsed();
  const stop = (): void => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    remaining = Math.max(MIN_MS, remaining - (Date.now() - since));
  };
  const fire = guard(() => {
    timer = undefined;
    remaining = MIN_MS;
    if (isPaused()) update();
    else next?.();
  });
  const update = (): void => {
    const still = isPaused();
    node.toggleAttribute("data-paused", still);
    if (still && !isAskingToClose()) return stop();
    if (timer) return;
    since = Date.now();
    timer = setTimeout(fire, remaining);
  };
  options.shown = () => {
    shown?.();
    isPainted = true;
    update();
  };
  const focused = (event: Event): void => {
    const target = event.composedPath()[0] as Node;
    if (event.type === "focusin" ? target !== node && node.contains(target) : !node.contains(root.activeElement)) wasFocusedByUs = false;
    // the focus is between two places in this moment
    queueMicrotask(update);
  };
  return () => {
    node.append(bar);
    const stops = [
      listen("pointerenter pointerleave", update, node),
      listen("focusin focusout", focused, node),
      // what comes from the page is heard up there only
      listen("focusin", focused),
      listen("visibilitychange", update),
    ];
    update();
    return () => {
      stops.forEach((end) => end());
      stop();
    };
  };
}
