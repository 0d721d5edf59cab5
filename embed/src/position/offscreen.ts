/** For an element out of sight: how to bring it into view, and a chip that says where it is. Loaded when one is. */

import { adopt, dialog, el } from "../ui/exports";
import { wordsOf } from "../ui/lazy-strings";
import { guard, options } from "../core/exports";
import { find } from "../strings/en.json";
import css from "./offscreen.css";
import { frameOf } from "../ui/exports";

const isStill = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Whatever sticks to the upper edge of the window there. */
function header(x: number): number {
  for (let over = document.elementFromPoint(x, 1); over; over = over.parentElement) {
    const { bottom } = over.getBoundingClientRect();
    if (/fixed|sticky/.test(getComputedStyle(over).position)) return bottom < innerHeight / 2 ? bottom : 0;
  }
  return 0;
}

/** To the middle, where no header and no footer of the page lies over it; what is too tall begins below the header. */
export function reveal(element: Element): void {
  if (typeof options.scrollIntoView === "function") return void guard(options.scrollIntoView)(element);
  const behavior = isStill() ? "instant" : "smooth";
  const isTall = element.getBoundingClientRect().height > innerHeight * 0.7;
  element.scrollIntoView({ block: isTall ? "start" : "center", inline: "nearest", behavior });
  if (!isTall) return;
  const settle = (): void => {
    clearTimeout(timer);
    removeEventListener("scrollend", settle, true);
    const { left, width, top } = element.getBoundingClientRect();
    const covered = header(left + width / 2) + 12 - top;
    if (covered > 0) scrollBy({ top: -covered, behavior });
  };
  const timer = setTimeout(settle, isStill() ? 0 : 600);
  addEventListener("scrollend", settle, true);
}

/** Where it is, as an arrow. */
export function wayTo(element: Element): string {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const frame = frameOf(element);
  return bottom <= frame.top ? "↑" : top >= frame.top + frame.height ? "↓" : right <= frame.left ? "←" : left >= frame.left + frame.width ? "→" : "↓";
}

/** A chip that leads back; hands back how to take it away. */
export function point(root: ShadowRoot, element: Element): () => void {
  adopt(root, css);
  const label = wordsOf({ find })("find");
  const chip = dialog(root, { class: "chip", role: "group", title: null, text: null, label, close: () => chip.hide() });
  chip.node.append(el("button", { type: "button", class: "btn", onclick: () => reveal(element) }, el("span", { "aria-hidden": "true" }, wayTo(element)), label));
  chip.show();
  return () => chip.hide();
}
