/** A spotlight on several elements, and one that blocks clicks on the rest of the page. */

import { isSeen, overlap } from "../ui/geometry";
import { locate, watch } from "../target/exports";
import type { Spotlight } from "../types/contracts";
import { addStylesheet, el } from "../ui/exports";
import type { Rect, AnchorOptions, Surface } from "../types/kit";
import { focusLoop } from "./focus-loop";
import type { OpenSurface } from "../ui/top-layer";
import { createCutouts, cutoutPath } from "./cutouts";
import css from "./cutouts.css";

export const BLOCKER_CLASS = "hr-click-blocker";
const STOPPED_EVENTS = "click dblclick contextmenu mousedown mouseup pointerdown pointerup touchstart touchend";

/** The extra elements that are lit up now. */
export const extraElements = new Set<EventTarget>();

export function spotlight(root: ShadowRoot, surface: Surface, { extraTargets = [], backdrop, backdropClicks }: AnchorOptions): Spotlight | undefined {
  const isBlocking = !!backdrop && backdropClicks === "block";
  if (!extraTargets[0] && !isBlocking) return;
  addStylesheet(root, css);
  const draw = createCutouts(root, !!backdrop);
  const block = isBlocking && createBlocker(root);
  if (isBlocking) surface.node.setAttribute("aria-modal", "true");
  const elements: (Element | null)[] = extraTargets.map(() => null);
  let stops: (() => void)[] = [];
  let boxes: readonly Rect[] = [];
  let round = 0;
  const redraw = (): void => {
    const others = elements.flatMap((each) => (each && boxes[0] ? [overlap(...locate(each))] : []));
    const all = [...boxes, ...others].filter(isSeen);
    if (block) block(all, round);
    draw(all, round);
  };
  const setTarget = (index: number, element: Element | null): void => {
    if (elements[index]) extraElements.delete(elements[index]);
    if ((elements[index] = element)) extraElements.add(element!);
    redraw();
  };
  const watchAll = (): (() => void)[] => extraTargets.map((target, at) => watch(target, { found: (element) => setTarget(at, element), lost: () => setTarget(at, null), moved: redraw }));
  const start = (): (() => void)[] => {
    if (!isBlocking) return watchAll();
    const { options, enter } = surface as OpenSurface;
    // the surface is shown right after its spotlight
    queueMicrotask(() => surface.focused || enter());
    return [...watchAll(), focusLoop(surface.node, () => options.anchor?.())];
  };
  return (...args) => {
    [boxes, round] = args;
    if (boxes[0]) stops = stops[0] ? stops : start();
    else {
      stops.splice(0).forEach((stop) => stop());
      elements.forEach((_, at) => setTarget(at, null));
    }
    redraw();
  };
}

/** Covers the page except for its cutouts, and stops every click on it. */
function createBlocker(root: ShadowRoot): Spotlight {
  const node = el("div", { class: BLOCKER_CLASS, popover: "manual", "aria-hidden": "true", onmousedown: (event: Event) => event.preventDefault() });
  for (const name of STOPPED_EVENTS.split(" ")) node.addEventListener(name, (event) => event.stopPropagation(), { passive: name !== "mousedown" });
  return (boxes, round) => {
    if (!boxes[0]) return node.remove();
    if (!node.isConnected) {
      root.prepend(node);
      node.showPopover?.();
    }
    node.style.clipPath = `path(evenodd, "${cutoutPath(boxes, round)}")`;
  };
}
