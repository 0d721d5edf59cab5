/** Boxes in the coordinates of the window. */

import type { Rect } from "../types/kit";

/** The intersection of two boxes; without one, a size is zero or below. */
export function overlap(first: Rect, second: Rect): Rect {
  const left = Math.max(first.left, second.left);
  const top = Math.max(first.top, second.top);
  return { left, top, width: Math.min(first.left + first.width, second.left + second.width) - left, height: Math.min(first.top + first.height, second.top + second.height) - top };
}

export const isSeen = ({ width, height }: Rect): boolean => width > 0 && height > 0;
