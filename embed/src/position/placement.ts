/** Computes where a box goes beside an element: pure geometry, in the coordinates of the window. */

import type { Rect, PlacementOptions } from "../types/kit";
import { isSeen, overlap } from "../ui/geometry";

export type Size = Pick<Rect, "width" | "height">;
type Edge = "top" | "bottom" | "left" | "right";
export interface Placement {
  side: Edge | "docked";
  left: number;
  top: number;
  /** The arrow's offset along the edge of the box. */
  arrow: number;
}

const GAP = 16;
const EDGE = 8;
const ARROW = 22;
const NARROW = 480;
const SIDE_ORDER: Record<string, string> = { top: "top bottom right left", start: "left right bottom top", end: "right left bottom top" };
const OPPOSITE_SIDE: Record<string, string> = { left: "right", right: "left" };

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(value, most));

/** Chooses the preferred side if it fits and covers nothing to avoid, else the opposite, else another; docks at an edge of the window if none fits. */
export function choosePlacement(anchor: Rect, box: Size, view: Size, { side, align, rtl, avoid }: PlacementOptions, gap = GAP): Placement {
  const space = { top: anchor.top, left: anchor.left, bottom: view.height - anchor.top - anchor.height, right: view.width - anchor.left - anchor.width };
  const placements = (SIDE_ORDER[side!] ?? "bottom top right left").split(" ").flatMap((name) => {
    const edge = ((rtl && OPPOSITE_SIDE[name]) || name) as Edge;
    const isVertical = edge === "top" || edge === "bottom";
    const depth = isVertical ? box.height : box.width;
    if (view.width <= NARROW || space[edge] < gap + EDGE + depth) return [];
    const [start, size, length, most] = isVertical ? [anchor.left, anchor.width, box.width, view.width] : [anchor.top, anchor.height, box.height, view.height];
    // by default a wide box aligns with the element's start, so that the arrow is near its text
    const alignment = align ?? (isVertical && size < length ? "start" : "");
    // aligned edges meet, unless the arrow would miss a small element
    const arrowOffset = align ? Math.max(29, size / 2) : 29;
    const offset = alignment === "end" ? length - arrowOffset : alignment === "start" ? arrowOffset : length / 2;
    const middle = start + size / 2;
    const main = clamp(middle - (isVertical && rtl ? length - offset : offset), EDGE, Math.max(EDGE, most - length - EDGE));
    const cross = edge === "top" || edge === "left" ? space[edge] - gap - depth : gap + (isVertical ? anchor.top + anchor.height : anchor.left + anchor.width);
    return { side: edge, left: isVertical ? main : cross, top: isVertical ? cross : main, arrow: clamp(middle - main, ARROW, length - ARROW) };
  });
  const isFree = (spot: Placement): boolean => !avoid?.some((other) => isSeen(overlap(other, { ...spot, ...box })));
  return placements.find(isFree) ?? placements[0] ?? dockedPlacement(anchor, box, view);
}

/** Docks at the bottom of the window, or at the top when the element is at the bottom. */
function dockedPlacement(anchor: Rect, box: Size, view: Size): Placement {
  const low = anchor.top + anchor.height > view.height - box.height - EDGE && anchor.top > box.height + EDGE;
  return { side: "docked", left: Math.max(EDGE, (view.width - box.width) / 2), top: low ? EDGE : Math.max(EDGE, view.height - box.height - EDGE), arrow: 0 };
}
