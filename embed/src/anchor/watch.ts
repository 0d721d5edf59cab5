/** Waits for an element, follows it, and loses it, without asking frame by frame. */

import type { Target } from "bodies";
import { guard, listen, options } from "../shared";
import { visible } from "./element";
import { changes, find, sayOf } from "./target";
import type { Watched } from "../kit/types";

/** Follow one element; all that may move it ends in one frame. */
function follow(element: Element, moved: () => void): () => void {
  let frame = 0;
  const soon = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      moved();
    });
  };
  const size = new ResizeObserver(soon);
  size.observe(element);
  size.observe(document.documentElement);
  const stop = listen("scroll resize transitionend animationend load", soon);
  return () => {
    cancelAnimationFrame(frame);
    size.disconnect();
    stop();
  };
}

export function watch(target: Target, { found, moved, lost, late, seconds = options.targetMissingSeconds || 5 }: Watched): () => void {
  let element: Element | null = null;
  let unfollow: (() => void) | undefined;
  const began = Date.now();
  const look = guard((thorough?: boolean) => {
    const before = element;
    // a picked element may become another one while it is in sight
    if (!before || target.print || !visible(before)) element = find(target, thorough);
    if (element === before) return element ? moved?.() : undefined;
    unfollow?.();
    unfollow = element ? follow(element, () => look()) : undefined;
    if (element) found(element, sayOf(target));
    else lost?.();
  });
  // style sheets can reveal an element without a change in the tree
  const poll = setInterval(() => element || document.hidden || look(true), 1000);
  const timer = setTimeout(guard(() => element || late?.({ ...sayOf(target), waited: Date.now() - began })), seconds * 1000);
  const stop = changes(() => look());
  let isOver = false;
  queueMicrotask(() => isOver || look(true));
  return () => {
    stop();
    clearInterval(poll);
    clearTimeout(timer);
    isOver = true;
    unfollow?.();
  };
}
