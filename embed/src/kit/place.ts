/** Where a box goes beside an element: pure numbers first, then one write. */

import { put } from "./dom";
import type { Side } from "./types";

export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}
export interface Size {
  width: number;
  height: number;
}
type Physical = "top" | "bottom" | "left" | "right";
export interface Spot {
  side: Physical | "docked";
  left: number;
  top: number;
  /** How far along the box's edge the arrow stands. */
  arrow: number;
}

const GAP = 16;
const EDGE = 8;
const ARROW = 22;
const NARROW = 480;
const OPPOSITE: Record<Physical, Physical> = { top: "bottom", bottom: "top", left: "right", right: "left" };

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, Math.max(least, most)));

function order(side: Side, rtl: boolean): Physical[] {
  if (side === "auto") return ["bottom", "top", rtl ? "left" : "right", rtl ? "right" : "left"];
  const first: Physical = side === "start" ? (rtl ? "right" : "left") : side === "end" ? (rtl ? "left" : "right") : side;
  const rest: Physical[] = first === "top" || first === "bottom" ? [rtl ? "left" : "right", rtl ? "right" : "left"] : ["bottom", "top"];
  return [first, OPPOSITE[first], ...rest];
}

function room(side: Physical, at: Rect, view: Size): number {
  if (side === "top") return at.top;
  if (side === "left") return at.left;
  return side === "bottom" ? view.height - at.top - at.height : view.width - at.left - at.width;
}

/** The wanted side where it fits, else the opposite, else across, else docked; never over the element while any side fits. */
export function choose(at: Rect, box: Size, view: Size, side: Side, rtl: boolean): Spot {
  const fit = view.width > NARROW && order(side, rtl).find((each) => room(each, at, view) >= GAP + EDGE + (each === "top" || each === "bottom" ? box.height : box.width));
  if (!fit) return dock(at, box, view);
  const upright = fit === "top" || fit === "bottom";
  const middle = upright ? at.left + at.width / 2 : at.top + at.height / 2;
  const length = upright ? box.width : box.height;
  // a wide box lines up with the element's start, so that the arrow stands near the words
  const wanted = upright && at.width < length ? (rtl ? middle - length + 29 : middle - 29) : middle - length / 2;
  const along = clamp(wanted, EDGE, (upright ? view.width : view.height) - length - EDGE);
  const arrow = clamp(middle - along, ARROW, length - ARROW);
  if (upright) return { side: fit, left: along, top: fit === "top" ? at.top - box.height - GAP : at.top + at.height + GAP, arrow };
  return { side: fit, top: along, left: fit === "left" ? at.left - box.width - GAP : at.left + at.width + GAP, arrow };
}

/** At the bottom edge, or at the top when the element is down there. */
function dock(at: Rect, box: Size, view: Size): Spot {
  const low = at.top + at.height > view.height - box.height - EDGE && at.top > box.height + EDGE;
  return { side: "docked", left: Math.max(EDGE, (view.width - box.width) / 2), top: low ? EDGE : Math.max(EDGE, view.height - box.height - EDGE), arrow: 0 };
}

export const viewport = (): Size => ({ width: document.documentElement.clientWidth || innerWidth, height: innerHeight });

const last = new WeakMap<HTMLElement, Rect>();

export function place(box: HTMLElement, element: Element, side: Side): void {
  let at: Rect = element.getBoundingClientRect();
  // a target that is being drawn anew has no size for a moment: the last good place is kept
  if (at.width || at.height) last.set(box, at);
  else at = last.get(box) ?? at;
  const size = { width: box.offsetWidth, height: box.offsetHeight };
  const spot = choose(at, size, viewport(), side, getComputedStyle(box).direction === "rtl");
  put(box, { left: Math.round(spot.left), top: Math.round(spot.top), "--arrow": spot.arrow });
  box.setAttribute("data-side", spot.side);
}
