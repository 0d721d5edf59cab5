/** Draws a dim layer with cutouts; clicks pass through it. */

import { documentProperty } from "../ui/dom";
import { isSeen, overlap } from "../ui/geometry";
import type { Spotlight } from "../types/contracts";
import type { Rect } from "../types/kit";
import { el, raiseAll } from "../ui/exports";

const PAD = 6;

const svg = (tag: string): Element => documentProperty("createElementNS").call(document, "http://www.w3.org/2000/svg", tag);

/** The SVG path of a box with round corners. */
function boxPath({ left, top, width, height }: Rect, round: number): string {
  const r = Math.max(0, Math.min(round + PAD, 40, width / 2 + PAD, height / 2 + PAD));
  const [w, h] = [width + 2 * PAD - 2 * r, height + 2 * PAD - 2 * r];
  const turn = (x: number, y: number): string => `a${r} ${r} 0 0 1 ${x} ${y}`;
  return `M${left - PAD + r} ${top - PAD}h${w}${turn(r, r)}v${h}${turn(-r, r)}h${-w}${turn(-r, -r)}v${-h}${turn(r, -r)}z`;
}

/** Merges boxes that overlap: under the even-odd rule a cutout within a cutout would be filled. */
export function mergeBoxes(boxes: readonly Rect[]): Rect[] {
  return boxes.reduce<Rect[]>((apart, box) => {
    const other = apart.find((each) => isSeen(overlap(each, box)));
    if (!other) return [...apart, box];
    const left = Math.min(box.left, other.left);
    const top = Math.min(box.top, other.top);
    const width = Math.max(box.left + box.width, other.left + other.width) - left;
    const height = Math.max(box.top + box.height, other.top + other.height) - top;
    return mergeBoxes([...apart.filter((each) => each !== other), { left, top, width, height }]);
  }, []);
}

/** The SVG path of the whole page without the boxes. */
export const cutoutPath = (boxes: readonly Rect[], round: number): string => "M-99-99H9999V9999H-99z" + mergeBoxes(boxes).map((box) => boxPath(box, round)).join("");

export function createCutouts(root: ShadowRoot, dim: boolean): Spotlight {
  const paths = [svg("path"), svg("path")];
  const drawing = svg("svg");
  drawing.append(...paths);
  const node = el("div", { class: dim ? "hr-cutouts dim" : "hr-cutouts", popover: "manual", "aria-hidden": "true" }, drawing);
  return (boxes, round) => {
    if (!boxes[0]) return node.remove();
    if (!node.isConnected) {
      root.prepend(node);
      node.showPopover?.();
      raiseAll();
    }
    for (const path of paths) path.setAttribute("d", cutoutPath(boxes, round));
  };
}
