/** Waits for an element, follows it, and loses it, without asking frame by frame. */

import type { Target } from "bodies";
import { guard, listen, options } from "../core/exports";
import { visible } from "./selector";
import { changes, find, sayOf, soon } from "./find";
import type { Watched } from "../types/kit";

export function watch(target: Target, { found, moved, lost, late, seconds = options.targetMissingSeconds! | 0 || 5 }: Watched): () => void {
  let element: Element | null = null;
  let waited = 0;
  let spot: number | undefined;
  const look = guard((thorough?: boolean) => {
    const before = element;
    // a picked element may become another one while it is in sight
    if (!before || target.print || !visible(before)) element = find(target, thorough);
    if (element === before) return element ? moved?.() : undefined;
    size.disconnect();
    if (!element) return lost?.();
    size.observe(element);
    size.observe(document.documentElement);
    found(element, sayOf(target));
  });
  // all that may move it ends in one frame
  const size = new ResizeObserver(soon);
  const unhear = listen("scroll resize transitionend animationend load", () => element && soon());
  const unwatch = changes(() => look());
  // style sheets can reveal an element, and animations move one, without a change in the tree
  const poll = setInterval(
    guard(() => {
      // a page that nobody looks at may not be drawn
      if (document.hidden) return;
      if (!element || spot !== (spot = element.getBoundingClientRect().x + element.getBoundingClientRect().y)) look(true);
      if (++waited === seconds && !element) late?.({ ...sayOf(target), waited: waited * 1000 });
    }),
    1000,
  );
  let isOver = false;
  queueMicrotask(() => isOver || look(true));
  return () => {
    isOver = true;
    size.disconnect();
    unhear();
    unwatch();
    clearInterval(poll);
  };
}
