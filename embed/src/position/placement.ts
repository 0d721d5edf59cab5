/** Where a box goes beside an element: pure numbers, in the coordinates of the window. */

import type { Rect, PlacementOptions } from "../types/kit";
import { isSeen, overlap } from "../ui/geometry";

export type Size = Pick<Rect, "width" | "height">;
type Edge = "top" | "bottom" | "left" | "right";
export interface Placement {
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
const SIDE_ORDER: Record<string, string> = { top: "top bottom right left", start: "left right bottom top", end: "right left bottom top" };
const OPPOSITE_SIDE: Record<string, string> = { left: "right", right: "left" };

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** The wanted side where it fits and covers nothing to avoid, else the opposite, else across, else docked; never over the element while any side fits. */
export function choosePlacement(at: Rect, box: Size, view: Size, { side, align, rtl, avoid }: PlacementOptions): Placement {
  const room = { top: at.top, left: at.left, bottom: view.height - at.top - at.height, right: view.width - at.left - at.width };
  const spots = (SIDE_ORDER[side!] ?? "bottom top right left").split(" ").flatMap((name) => {
    const edge = ((rtl && OPPOSITE_SIDE[name]) || name) as Edge;
    const upright = edge === "top" || edge === "bottom";
    const deep = upright ? box.height : box.width;
    if (view.width <= NARROW || room[edge] < GAP + EDGE + deep) return [];
    const [start, size, length, most] = upright ? [at.left, at.width, box.width, view.width] : [at.top, at.height, box.height, view.height];
    // unless said otherwise, a wide box lines up with the element's start, so that the arrow stands near the words
    const whence = align ?? (upright && size < length ? "start" : "");
    // as wished, the edges meet, unless the arrow would miss a small element
    const near = align ? Math.max(29, size / 2) : 29;
    const ahead = whence === "end" ? length - near : whence === "start" ? near : length / 2;
    const middle = start + size / 2;
    const along = clamp(middle - (upright && rtl ? length - ahead : ahead), EDGE, Math.max(EDGE, most - length - EDGE));
    const across = edge === "top" || edge === "left" ? room[edge] - GAP - deep : GAP + (upright ? at.top + at.height : at.left + at.width);
    return { side: edge, left: upright ? along : across, top: upright ? across : along, arrow: clamp(middle - along, ARROW, length - ARROW) };
  });
  const isFree = (spot: Placement): boolean => !avoid?.some((other) => isSeen(overlap(other, { ...spot, ...box })));
  return spots.find(isFree) ?? spots[0] ?? dockedPlacement(at, box, view);
}

/** At the bottom edge, or at the top when the element is down there. */
function dockedPlacement(at: Rect, box: Size, view: Size): Placement {
  const low = at.top + at.height > view.height - box.height - EDGE && at.top > box.height + EDGE;
  return { side: "docked", left: Math.max(EDGE, (view.width - box.width) / 2), top: low ? EDGE : Math.max(EDGE, view.height - box.height - EDGE), arrow: 0 };
}
