/** The part of the window in which an element can be seen, given every ancestor that clips it. */

import type { Rect } from "../types/kit";
import { overlap } from "./geometry";

export const viewport = (): Rect => ({ left: 0, top: 0, width: document.documentElement.clientWidth || innerWidth, height: innerHeight });

const flatParent = (element: Element): Element | null => element.assignedSlot ?? element.parentElement ?? ((element.getRootNode() as ShadowRoot).host as Element | undefined) ?? null;

/** The part of the window in which an element can be seen. */
export function visibleFrame(element: Element): Rect {
  let frame = viewport();
  let { position } = getComputedStyle(element);
  for (let up = flatParent(element); up && position !== "fixed" && up.localName !== "body"; up = flatParent(up)) {
    const style = getComputedStyle(up);
    // an absolute element is clipped by its next positioned ancestor only
    if (position === "absolute" && style.position === "static" && style.transform === "none") continue;
    position = style.position;
    if (style.overflow !== "visible") frame = overlap(frame, up.getBoundingClientRect());
  }
  return frame;
}
