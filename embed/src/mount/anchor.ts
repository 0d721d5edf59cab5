/** Puts a node or a surface beside an element without drawing attention to that: no spotlight, no scrolling to it. */

import type { Target } from "bodies";
import { choosePlacement, type Placement } from "../position/placement";
import { locate, watch } from "../target/exports";
import type { AnchorOptions, PlacementOptions, Rect, Stop, Surface } from "../types/kit";
import { setStyles } from "../ui/dom";
import { reattachRoot } from "../ui/exports";
import { isSeen, overlap } from "../ui/geometry";

type Spot = Pick<Rect, "left" | "top">;
type Size = Pick<Rect, "width" | "height">;

const GAP = 8;

/** Where a node goes beside an element, or over it with a negative offset; it stays within the window. */
export function placeNode(anchor: Rect, node: Size, view: Size, { side, align = "center", rtl }: PlacementOptions, offset: number): Spot {
  const isVertical = side === "top" || side === "bottom";
  const isBefore = side === "top" || side === (rtl ? "end" : "start");
  const along = (start: number, length: number, size: number, mirrored?: boolean): number => {
    const share = align === "center" ? 0.5 : (align === "end") !== !!mirrored ? 1 : 0;
    return start + share * (length - size);
  };
  const across = (start: number, length: number, size: number): number => (isBefore ? start - offset - size : start + length + offset);
  const left = isVertical ? along(anchor.left, anchor.width, node.width, rtl) : across(anchor.left, anchor.width, node.width);
  const top = isVertical ? across(anchor.top, anchor.height, node.height) : along(anchor.top, anchor.height, node.height);
  return { left: Math.max(0, Math.min(left, view.width - node.width)), top: Math.max(0, Math.min(top, view.height - node.height)) };
}

export function anchorPassively(root: ShadowRoot, content: Surface | HTMLElement, target: Target, options: AnchorOptions): Stop {
  const surface = "show" in content ? content : undefined;
  const node = surface?.node ?? (content as HTMLElement);
  const { side, offset = GAP, found, onTimeout } = options;
  const align = options.align === "auto" ? undefined : options.align;
  let current: Element | null = null;
  const hide = (): void => (surface ? surface.hide() : node.remove());
  const place = (): void => {
    if (!current) return hide();
    reattachRoot();
    const visiblePart = overlap(...locate(current));
    if (!isSeen(visiblePart)) return hide();
    if (surface) surface.show();
    else if (!node.isConnected) root.append(node);
    const size = { width: node.offsetWidth, height: node.offsetHeight };
    const view = { width: document.documentElement.clientWidth, height: innerHeight };
    const placing = { side, align, rtl: getComputedStyle(node).direction === "rtl" };
    const spot: Partial<Placement> & Spot = surface ? choosePlacement(visiblePart, size, view, placing, offset) : placeNode(visiblePart, size, view, placing, offset);
    setStyles(node, { left: Math.round(spot.left), top: Math.round(spot.top), "--arrow": spot.arrow ?? 0 });
    if (spot.side) node.setAttribute("data-side", spot.side);
  };
  const setElement = (element: Element | null): void => {
    current = element;
    found?.(element);
    place();
  };
  if (!surface) node.classList.add("hr-anchored");
  const stop = watch(target, { found: setElement, lost: () => setElement(null), moved: place, onTimeout });
  return () => {
    stop();
    hide();
  };
}
