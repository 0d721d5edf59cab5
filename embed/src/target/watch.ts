/** Watches a target: found, moved, lost or timed out, without polling every frame. */

import type { Target } from "bodies";
import { guard, listen, options } from "../core/exports";
import { visible } from "./selector";
import { onDomChange, find, lookupProps, scheduleNotify } from "./find";
import type { Watched } from "../types/kit";

export function watch(target: Target, { found, moved, lost, onTimeout, seconds = options.targetMissingSeconds! | 0 || 5 }: Watched): () => void {
  let element: Element | null = null;
  let waitedSeconds = 0;
  let lastPosition: number | undefined;
  const check = guard((thorough?: boolean) => {
    const before = element;
    // a reused node may no longer be the picked element
    if (!before || target.fingerprint || !visible(before)) element = find(target, thorough);
    if (element === before) return element ? moved?.() : undefined;
    resizeObserver.disconnect();
    if (!element) return lost?.();
    resizeObserver.observe(element);
    resizeObserver.observe(document.documentElement);
    found(element, lookupProps(target));
  });
  // everything that may move it is checked once a frame
  const resizeObserver = new ResizeObserver(scheduleNotify);
  const stopListening = listen("scroll resize transitionend animationend load", () => element && scheduleNotify());
  const stopWatching = onDomChange(() => check());
  // stylesheets reveal and animations move elements without a DOM change
  const poll = setInterval(
    guard(() => {
      // hidden tabs are not rendered
      if (document.hidden) return;
      if (!element || lastPosition !== (lastPosition = element.getBoundingClientRect().x + element.getBoundingClientRect().y)) check(true);
      if (++waitedSeconds === seconds && !element) onTimeout?.({ ...lookupProps(target), waited: waitedSeconds * 1000 });
    }),
    1000,
  );
  let isOver = false;
  queueMicrotask(() => isOver || check(true));
  return () => {
    isOver = true;
    resizeObserver.disconnect();
    stopListening();
    stopWatching();
    clearInterval(poll);
  };
}
