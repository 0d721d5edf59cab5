/** A box beside an element: it goes where the element goes, hides while that cannot be seen, and says then where it is. */

import type { Target } from "bodies";
import { home, learned, put } from "../ui/exports";
import type { OffscreenChunk } from "../types/contracts";
import type { Props, Rect, Standing, Surface } from "../types/kit";
import { files, guard, warn } from "../core/exports";
import { isSeen, overlap } from "../ui/exports";
import { choose } from "./placement";
import { spotlight } from "./spotlight";
import { whereIs } from "../target/find";
import { viewport } from "../ui/clipping";
import { watch } from "../target/watch";

const away = (then: (part: OffscreenChunk) => void): unknown => files.load("offscreen").then(then, warn);

/** It is in sight as far as there is room, and nothing of the page lies over its middle. */
function isClear(element: Element, whole: Rect, frame: Rect, seen: Rect): boolean {
  const over = document.elementFromPoint(seen.left + seen.width / 2, seen.top + seen.height / 2);
  const isHere = over && (over.contains(element) || element.contains(over) || over.localName === "handrail-root");
  return !!isHere && seen.height > 0.8 * Math.min(whole.height, 0.7 * frame.height) && seen.width > 0.8 * Math.min(whole.width, frame.width);
}

const area = ({ width, height }: Rect): number => width * height;

export function stand(root: ShadowRoot, surface: Surface, target: Target, standing: Standing): () => void {
  const { side, align, dim, found, late } = standing;
  const { node } = surface;
  const light = learned.light?.(root, surface, standing) ?? spotlight(root, !!dim);
  let last: Rect | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chip: (() => void) | undefined;
  let missing = "";
  const clear = (now = ""): void => {
    clearTimeout(timer);
    chip?.();
    chip = undefined;
    missing = now;
  };
  const stop = (now?: string): void => {
    clear(now);
    light([], 0);
    surface.hide();
  };
  /** Only after a moment: it may be on its way. */
  const miss = (why: string, act: () => void): void => {
    if (missing === why) return;
    clear(why);
    timer = setTimeout(guard(act), 500);
  };
  const beside = (element: Element, at: Rect, whole: Rect): void => {
    clear();
    last = at;
    // the light first: the box comes to lie above it by itself
    light([at], parseFloat(getComputedStyle(element).borderTopLeftRadius));
    const view = viewport();
    // it counts as shown once at least half of the element can be seen, or half of the window is full of it
    surface.show(2 * area(at) < Math.min(area(whole), area(view)));
    const spot = choose(at, { width: node.offsetWidth, height: node.offsetHeight }, view, {
      side,
      align: align === "auto" ? undefined : align,
      rtl: getComputedStyle(node).direction === "rtl",
      // where the person types stays in sight
      avoid: [document.activeElement].flatMap((each) => (!each || each === root.host || each.contains(element) || element.contains(each) ? [] : each.getBoundingClientRect())),
    });
    put(node, { left: Math.round(spot.left), top: Math.round(spot.top), "--arrow": spot.arrow });
    node.setAttribute("data-side", spot.side);
  };
  let known: Element | null = null;
  const move = (element: Element | null): void => {
    if (!element) return miss("gone", () => stop("gone"));
    home();
    const [whole, frame] = whereIs(element);
    const at = overlap(whole, frame);
    if (known !== element && !isClear(element, whole, frame, at)) away(({ reveal }) => reveal(element));
    known = element;
    if (isSeen(at)) return beside(element, at, whole);
    // a target that is being drawn anew has no size for a moment: the last good place is kept
    if (!whole.width && !whole.height) return last && beside(element, last, last);
    if (missing !== "away") stop();
    miss("away", () => away(({ point }) => missing === "away" && (chip ??= point(root, element))));
  };
  const meet = (element: Element | null, how?: Props): void => {
    found?.(element, how);
    move(element);
  };
  const unwatch = watch(target, { found: meet, lost: () => meet(null), moved: () => move(known), late });
  return () => {
    unwatch();
    stop("over");
  };
}
