/** Boxes in the coordinates of the window. */

import type { Rect } from "../types/kit";

/** What two have in overlap; without any, a size is not above zero. */
export function overlap(one: Rect, other: Rect): Rect {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  return { left, top, width: Math.min(one.left + one.width, other.left + other.width) - left, height: Math.min(one.top + one.height, other.top + other.height) - top };
}

export const isSeen = ({ width, height }: Rect): boolean => width > 0 && height > 0;
