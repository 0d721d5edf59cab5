/** A light on several elements, and one around which the page gets no click. */

import { isSeen, overlap } from "../ui/exports";
import { whereIs } from "../target/exports";
import type { Light } from "../types/contracts";
import { adopt, el } from "../ui/exports";
import type { Rect, Standing, Surface } from "../types/kit";
import { given } from "./kit-ref";
import { holes, outlines } from "./cutouts";
import css from "./cutouts.css";

export const BLOCK = "hr-block";
const QUIET = "click dblclick contextmenu mousedown mouseup pointerdown pointerup touchstart touchend";

/** Elements lit up beside the one that a step stands on. */
export const lit = new Set<EventTarget>();

export function light(root: ShadowRoot, _surface: Surface, { also = [], dim, around }: Standing): Light | undefined {
  const isBlocking = !!dim && around === "block";
  if (!also[0] && !isBlocking) return;
  adopt(root, css);
  const draw = holes(root, !!dim);
  const block = isBlocking && blocker(root);
  const found: (Element | null)[] = also.map(() => null);
  let stops: (() => void)[] = [];
  let boxes: readonly Rect[] = [];
  let round = 0;
  const redraw = (): void => {
    const others = found.flatMap((each) => (each && boxes[0] ? [overlap(...whereIs(each))] : []));
    const all = [...boxes, ...others].filter(isSeen);
    if (block) block(all, round);
    draw(all, round);
  };
  const hold = (at: number, element: Element | null): void => {
    if (found[at]) lit.delete(found[at]);
    if ((found[at] = element)) lit.add(element!);
    redraw();
  };
  const follow = (): (() => void)[] => also.map((target, at) => given.kit!.watch(target, { found: (element) => hold(at, element), lost: () => hold(at, null), moved: redraw }));
  return (...now) => {
    [boxes, round] = now;
    if (boxes[0]) stops = stops[0] ? stops : follow();
    else {
      stops.splice(0).forEach((stop) => stop());
      found.forEach((_, at) => hold(at, null));
    }
    redraw();
  };
}

/** Lies over the page but for its holes, and keeps every click to itself. */
function blocker(root: ShadowRoot): Light {
  const node = el("div", { class: BLOCK, popover: "manual", "aria-hidden": "true", onmousedown: (event: Event) => event.preventDefault() });
  for (const name of QUIET.split(" ")) node.addEventListener(name, (event) => event.stopPropagation(), { passive: name !== "mousedown" });
  return (boxes, round) => {
    if (!boxes[0]) return node.remove();
    if (!node.isConnected) {
      root.prepend(node);
      node.showPopover?.();
    }
    node.style.clipPath = `path(evenodd, "${outlines(boxes, round)}")`;
  };
}
