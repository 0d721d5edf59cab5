/** Waits for an element, follows it, and loses it, without asking frame by frame. */

import type { Target } from "bodies";
import { guard, listen } from "../guard";
import { changes, find, visible } from "./target";
import type { Watched } from "./types";

/** Notices that an element moved though nothing scrolled or changed its size. */
function onShift(element: Element, moved: () => void): () => void {
  let eye: IntersectionObserver | undefined;
  const look = (threshold: number): void => {
    eye?.disconnect();
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    if (!width || !height) return;
    const margin = [top, innerWidth - right, innerHeight - bottom, left].map((edge) => -Math.floor(edge) + "px").join(" ");
    let first = true;
    const seen = (entries: IntersectionObserverEntry[]): void => {
      const ratio = entries[entries.length - 1]!.intersectionRatio;
      if (!first) moved();
      if (ratio !== threshold) look(first && ratio ? ratio : first ? 1e-7 : 1);
      first = false;
    };
    eye = new IntersectionObserver(seen, { rootMargin: margin, threshold: Math.max(1e-7, Math.min(1, threshold)) });
    eye.observe(element);
  };
  look(1);
  return () => eye?.disconnect();
}

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
  const stops = [
    listen("scroll resize transitionend animationend load", soon),
    onShift(element, soon),
  ];
  return () => {
    cancelAnimationFrame(frame);
    size.disconnect();
    stops.forEach((stop) => stop());
  };
}

export function watch(target: Target, watched: Watched): () => void {
  let element: Element | null = null;
  let unfollow: (() => void) | null = null;
  let poll: ReturnType<typeof setInterval> | undefined;
  const began = Date.now();
  const moved = guard(() => watched.moved?.());
  const hold = (found: Element): void => {
    element = found;
    clearInterval(poll);
    unfollow?.();
    unfollow = follow(found, () => look() && moved());
    guard(watched.found)(found);
  };
  const lose = (): void => {
    element = null;
    unfollow?.();
    unfollow = null;
    wait();
    guard(() => watched.lost?.())();
  };
  const look = (deep = false): boolean => {
    if (element && visible(element)) return true;
    const found = find(target, deep);
    if (found) hold(found);
    else if (element) lose();
    return false;
  };
  // style sheets can reveal an element without a change in the tree
  const wait = (): void => {
    clearInterval(poll);
    poll = setInterval(() => document.hidden || look(true), 1000);
  };
  const stop = changes(() => look() && moved());
  const late = setTimeout(() => element || guard(() => watched.late?.(Date.now() - began))(), (watched.seconds ?? 5) * 1000);
  wait();
  queueMicrotask(() => stopped || look(true));
  let stopped = false;
  return () => {
    stopped = true;
    stop();
    clearInterval(poll);
    clearTimeout(late);
    unfollow?.();
  };
}
