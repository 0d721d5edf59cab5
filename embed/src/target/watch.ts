/** Waits for an element, follows it, and loses it, without asking frame by frame. */

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
    // a picked element may become another one while it is in sight
    if (!before || target.print || !visible(before)) element = find(target, thorough);
    if (element === before) return element ? moved?.() : undefined;
    resizeObserver.disconnect();
    if (!element) return lost?.();
    resizeObserver.observe(element);
    resizeObserver.observe(document.documentElement);
    found(element, lookupProps(target));
  });
  // all that may move it ends in one frame
  const resizeObserver = new ResizeObserver(scheduleNotify);
  const stopListening = listen("scroll resize transitionend animationend load", () => element && scheduleNotify());
  const stopWatching = onDomChange(() => check());
  // style sheets can reveal an element, and animations move one, without a change in the tree
  const poll = setInterval(
    guard(() => {
      // a page that nobody looks at may not be drawn
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
