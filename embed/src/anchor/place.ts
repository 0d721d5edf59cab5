/** Where a box goes beside an element: pure numbers first, then one write. */

import { put } from "../kit/shared";
import type { Side } from "../kit/types";

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
type Edge = "top" | "bottom" | "left" | "right";
export interface Spot {
  side: Edge | "docked";
  left: number;
  top: number;
  /** How far along the box's edge the arrow stands. */
  arrow: number;
}

const GAP = 16;
const EDGE = 8;
const ARROW = 22;
const NARROW = 480;
const ORDER: Record<Side, string> = { auto: "bottom top right left", bottom: "bottom top right left", top: "top bottom right left", start: "left right bottom top", end: "right left bottom top" };
const MIRROR: Record<string, string> = { left: "right", right: "left" };

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** The wanted side where it fits, else the opposite, else across, else docked; never over the element while any side fits. */
export function choose(at: Rect, box: Size, view: Size, side: Side, rtl: boolean): Spot {
  const room = { top: at.top, left: at.left, bottom: view.height - at.top - at.height, right: view.width - at.left - at.width };
  const isUpright = (edge: Edge): boolean => edge === "top" || edge === "bottom";
  const edges = ORDER[side].split(" ").map((edge) => (rtl && MIRROR[edge]) || edge) as Edge[];
  const fit = view.width > NARROW && edges.find((edge) => room[edge] >= GAP + EDGE + (isUpright(edge) ? box.height : box.width));
  if (!fit) return dock(at, box, view);
  const upright = isUpright(fit);
  const [start, size, length, most] = upright ? [at.left, at.width, box.width, view.width] : [at.top, at.height, box.height, view.height];
  const middle = start + size / 2;
  // a wide box lines up with the element's start, so that the arrow stands near the words
  const lead = upright && size < length ? (rtl ? length - 29 : 29) : length / 2;
  const along = clamp(middle - lead, EDGE, Math.max(EDGE, most - length - EDGE));
  const across = fit === "top" || fit === "left" ? room[fit] - GAP - (upright ? box.height : box.width) : GAP + (upright ? at.top + at.height : at.left + at.width);
  return { side: fit, left: upright ? along : across, top: upright ? across : along, arrow: clamp(middle - along, ARROW, length - ARROW) };
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
