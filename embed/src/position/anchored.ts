/** A box beside an element: it goes where the element goes, hides while that cannot be seen, and says then where it is. */

import type { Target } from "bodies";
import { reattachRoot, extensions, setStyles } from "../ui/exports";
import type { OffscreenChunk } from "../types/contracts";
import type { Props, Rect, AnchorOptions, Surface } from "../types/kit";
import { chunks, guard, warn } from "../core/exports";
import { isSeen, overlap } from "../ui/exports";
import { choosePlacement } from "./placement";
import { createSpotlight } from "./spotlight";
import { locate } from "../target/find";
import { viewport } from "../ui/clipping";
import { watch } from "../target/watch";

const withOffscreen = (then: (part: OffscreenChunk) => void): unknown => chunks.load("offscreen").then(then, warn);

/** It is in sight as far as there is room, and nothing of the page lies over its middle. */
function isUnobstructed(element: Element, whole: Rect, frame: Rect, seen: Rect): boolean {
  const over = document.elementFromPoint(seen.left + seen.width / 2, seen.top + seen.height / 2);
  const isHere = over && (over.contains(element) || element.contains(over) || over.localName === "handrail-root");
  return !!isHere && seen.height > 0.8 * Math.min(whole.height, 0.7 * frame.height) && seen.width > 0.8 * Math.min(whole.width, frame.width);
}

const area = ({ width, height }: Rect): number => width * height;

export function anchorSurface(root: ShadowRoot, surface: Surface, target: Target, options: AnchorOptions): () => void {
  const { side, align, dim, found, onTimeout } = options;
  const { node } = surface;
  const spotlight = extensions.spotlight?.(root, surface, options) ?? createSpotlight(root, !!dim);
  let last: Rect | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hideHint: (() => void) | undefined;
  let missing = "";
  const clear = (now = ""): void => {
    clearTimeout(timer);
    hideHint?.();
    hideHint = undefined;
    missing = now;
  };
  const stop = (now?: string): void => {
    clear(now);
    spotlight([], 0);
    surface.hide();
  };
  /** Only after a moment: it may be on its way. */
  const reportLater = (why: string, act: () => void): void => {
    if (missing === why) return;
    clear(why);
    timer = setTimeout(guard(act), 500);
  };
  const placeBeside = (element: Element, at: Rect, whole: Rect): void => {
    clear();
    last = at;
    // the light first: the box comes to lie above it by itself
    spotlight([at], parseFloat(getComputedStyle(element).borderTopLeftRadius));
    const view = viewport();
    // it counts as shown once at least half of the element can be seen, or half of the window is full of it
    surface.show(2 * area(at) < Math.min(area(whole), area(view)));
    const spot = choosePlacement(at, { width: node.offsetWidth, height: node.offsetHeight }, view, {
      side,
      align: align === "auto" ? undefined : align,
      rtl: getComputedStyle(node).direction === "rtl",
      // where the person types stays in sight
      avoid: [document.activeElement].flatMap((each) => (!each || each === root.host || each.contains(element) || element.contains(each) ? [] : each.getBoundingClientRect())),
    });
    setStyles(node, { left: Math.round(spot.left), top: Math.round(spot.top), "--arrow": spot.arrow });
    node.setAttribute("data-side", spot.side);
  };
  let current: Element | null = null;
  const move = (element: Element | null): void => {
    if (!element) return reportLater("gone", () => stop("gone"));
    reattachRoot();
    const [whole, frame] = locate(element);
    const at = overlap(whole, frame);
    if (current !== element && !isUnobstructed(element, whole, frame, at)) withOffscreen(({ scrollToElement }) => scrollToElement(element));
    current = element;
    if (isSeen(at)) return placeBeside(element, at, whole);
    // a target that is being drawn anew has no size for a moment: the last good place is kept
    if (!whole.width && !whole.height) return last && placeBeside(element, last, last);
    if (missing !== "away") stop();
    reportLater("away", () => withOffscreen(({ showHint }) => missing === "away" && (hideHint ??= showHint(root, element))));
  };
  const onFound = (element: Element | null, how?: Props): void => {
    found?.(element, how);
    move(element);
  };
  const unwatch = watch(target, { found: onFound, lost: () => onFound(null), moved: () => move(current), onTimeout });
  return () => {
    unwatch();
    stop("over");
  };
}
