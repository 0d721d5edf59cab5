/** Anchors a surface to an element: follows it, hides while it is out of sight, and shows a hint where it is then. */

import type { Target } from "bodies";
import { setStyles } from "../ui/dom";
import { reattachRoot, extensions } from "../ui/exports";
import type { OffscreenChunk } from "../types/contracts";
import type { Props, Rect, AnchorOptions, Surface } from "../types/kit";
import { chunks, guard, warn } from "../core/exports";
import { isSeen, overlap } from "../ui/geometry";
import { choosePlacement } from "./placement";
import { createSpotlight } from "./spotlight";
import { locate } from "../target/find";
import { viewport } from "../ui/clipping";
import { watch } from "../target/watch";

const withOffscreen = (then: (part: OffscreenChunk) => void): unknown => chunks.load("offscreen").then(then, warn);

/** Whether most of it is in sight and nothing of the page covers its center. */
function isUnobstructed(element: Element, box: Rect, frame: Rect, visiblePart: Rect): boolean {
  const topmost = document.elementFromPoint(visiblePart.left + visiblePart.width / 2, visiblePart.top + visiblePart.height / 2);
  const isHere = topmost && (topmost.contains(element) || element.contains(topmost) || topmost.localName === "handrail-root");
  return !!isHere && visiblePart.height > 0.8 * Math.min(box.height, 0.7 * frame.height) && visiblePart.width > 0.8 * Math.min(box.width, frame.width);
}

const area = ({ width, height }: Rect): number => width * height;

export function anchorSurface(root: ShadowRoot, surface: Surface, target: Target, options: AnchorOptions): () => void {
  const { side, align, found, onTimeout } = options;
  const { node } = surface;
  const spotlight = extensions.spotlight?.(root, surface, options) ?? createSpotlight(root, !!options.backdrop);
  let lastPosition: Rect | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hideHint: (() => void) | undefined;
  let hiddenBecause = "";
  const clear = (now = ""): void => {
    clearTimeout(timer);
    hideHint?.();
    hideHint = undefined;
    hiddenBecause = now;
  };
  const stop = (now?: string): void => {
    clear(now);
    spotlight([], 0);
    surface.hide();
  };
  /** Acts after half a second: the element may be on its way. */
  const reportLater = (why: string, act: () => void): void => {
    if (hiddenBecause === why) return;
    clear(why);
    timer = setTimeout(guard(act), 500);
  };
  const placeBeside = (element: Element, visiblePart: Rect, box: Rect): void => {
    clear();
    lastPosition = visiblePart;
    // the spotlight first: what enters the top layer later lies above
    spotlight([visiblePart], parseFloat(getComputedStyle(element).borderTopLeftRadius));
    const view = viewport();
    // counts as shown once half of the element is visible, or it fills half of the window
    surface.show(2 * area(visiblePart) < Math.min(area(box), area(view)));
    const spot = choosePlacement(visiblePart, { width: node.offsetWidth, height: node.offsetHeight }, view, {
      side,
      align: align === "auto" ? undefined : align,
      rtl: getComputedStyle(node).direction === "rtl",
      // do not cover the field the person types in
      avoid: [document.activeElement].flatMap((each) => (!each || each === root.host || each.contains(element) || element.contains(each) ? [] : each.getBoundingClientRect())),
    });
    setStyles(node, { left: Math.round(spot.left), top: Math.round(spot.top), "--arrow": spot.arrow });
    node.setAttribute("data-side", spot.side);
  };
  let current: Element | null = null;
  const move = (element: Element | null): void => {
    if (!element) return reportLater("gone", () => stop("gone"));
    reattachRoot();
    const [box, frame] = locate(element);
    const visiblePart = overlap(box, frame);
    if (current !== element && !isUnobstructed(element, box, frame, visiblePart)) withOffscreen(({ scrollToElement }) => scrollToElement(element));
    current = element;
    if (isSeen(visiblePart)) return placeBeside(element, visiblePart, box);
    // a target that is being rendered again has no size for a moment: keep the last position
    if (!box.width && !box.height) return lastPosition && placeBeside(element, lastPosition, lastPosition);
    if (hiddenBecause !== "away") stop();
    reportLater("away", () => withOffscreen(({ showHint }) => hiddenBecause === "away" && (hideHint ??= showHint(root, element))));
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
