/** Shows how much time is left; the countdown pauses while the person points at the surface, uses it, or is on another tab. */

import { setStyles } from "../ui/dom";
import { el } from "../ui/exports";
import type { SurfaceOptions } from "../types/kit";
import { guard, listen } from "../core/exports";
import { isAskingToClose } from "./confirm-close";
import { t } from "./strings";

/** The least time left after a pause, so that a surface does not vanish in the moment the pointer leaves it. */
const MIN_MS = 1000;

export function countdownBar(root: ShadowRoot, node: HTMLElement, options: SurfaceOptions, { seconds, onEnd }: Exclude<SurfaceOptions["countdown"], false | undefined>): () => () => void {
  const { shown } = options;
  const bar = el("div", { class: "countdown", role: "img", "aria-label": t("time", { n: seconds }) }, el("i"));
  setStyles(bar, { "--duration": seconds + "s" });
  let remaining = seconds * 1000;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPainted = false;
  /** The kit itself put the focus here, which does not count as use. */
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
    else onEnd();
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
    // during focusout the next focused element is not known yet
    queueMicrotask(update);
  };
  return () => {
    node.append(bar);
    const stops = [
      listen("pointerenter pointerleave", update, node),
      listen("focusin focusout", focused, node),
      // focus that comes from the page is seen on the window only
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
