/** Containers for content: stacks at the edges of the window that never overlap each other, and slots of the host page. */

import { el } from "../ui/exports";
import { slotFor } from "./slots";

const STOPPED_EVENTS = "click pointerdown pointerup mousedown mouseup touchstart touchend focusin";
const EDGES = ["top", "corner", "bottom"];

let frame: HTMLElement | undefined;

/** A new element in this place, below those that are there; it leaves no trace once it is removed. */
export function mount(root: ShadowRoot, place: string): HTMLElement {
  const node = el("div", { class: "hr-mount" });
  isolate(node);
  if (EDGES.includes(place)) edgeOf(root, place).append(node);
  else slotFor(root, place, node);
  return node;
}

/** The stack at an edge: one column over the whole window holds all three, so none covers another. */
function edgeOf(root: ShadowRoot, place: string): Element {
  frame ??= el("div", { class: "hr-mounts" }, ...EDGES.map((name) => el("div", { class: `hr-edge ${name}` })));
  if (frame.getRootNode() !== root) root.append(frame);
  return frame.children[EDGES.indexOf(place)]!;
}

/** Keeps events to itself: they close no menu of the page, and typing triggers no shortcut of it. */
function isolate(node: HTMLElement): void {
  for (const name of STOPPED_EVENTS.split(" ")) node.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  for (const name of ["keydown", "keyup", "keypress"])
    node.addEventListener(name, (event) => {
      if ((event.target as Element).matches("input,select,textarea,[contenteditable]")) event.stopPropagation();
    });
}
