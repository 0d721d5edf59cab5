/** For a target out of sight: scrolls it into view, or shows a hint where it is. Loaded with the first. */

import { addStylesheet, createSurface, el } from "../ui/exports";
import { lazyStrings } from "../ui/lazy-strings";
import { guard, options } from "../core/exports";
import { find } from "../strings/en.json";
import css from "./offscreen.css";
import { visibleFrame } from "../ui/clipping";

const prefersReducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The bottom of a fixed or sticky header at the top of the window, 0 without one. */
function stickyHeaderBottom(x: number): number {
  for (let over = document.elementFromPoint(x, 1); over; over = over.parentElement) {
    const { bottom } = over.getBoundingClientRect();
    if (/fixed|sticky/.test(getComputedStyle(over).position)) return bottom < innerHeight / 2 ? bottom : 0;
  }
  return 0;
}

/** Scrolls to the center, clear of fixed headers and footers; a tall element starts below the header. */
export function scrollToElement(element: Element): void {
  if (typeof options.scrollIntoView === "function") return void guard(options.scrollIntoView)(element);
  const behavior = prefersReducedMotion() ? "instant" : "smooth";
  const isTall = element.getBoundingClientRect().height > innerHeight * 0.7;
  element.scrollIntoView({ block: isTall ? "start" : "center", inline: "nearest", behavior });
  if (!isTall) return;
  const adjust = (): void => {
    clearTimeout(timer);
    removeEventListener("scrollend", adjust, true);
    const { left, width, top } = element.getBoundingClientRect();
    const covered = stickyHeaderBottom(left + width / 2) + 12 - top;
    if (covered > 0) scrollBy({ top: -covered, behavior });
  };
  const timer = setTimeout(adjust, prefersReducedMotion() ? 0 : 600);
  addEventListener("scrollend", adjust, true);
}

/** An arrow in the direction of the element. */
export function arrowTo(element: Element): string {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const frame = visibleFrame(element);
  return bottom <= frame.top ? "↑" : top >= frame.top + frame.height ? "↓" : right <= frame.left ? "←" : left >= frame.left + frame.width ? "→" : "↓";
}

/** Shows a button that scrolls back to the element; returns how to remove it. */
export function showHint(root: ShadowRoot, element: Element): () => void {
  addStylesheet(root, css);
  const label = lazyStrings({ find })("find");
  const chip = createSurface(root, { class: "offscreen-hint", role: "group", title: null, text: null, label, close: () => chip.hide() });
  chip.node.append(el("button", { type: "button", class: "btn", onclick: () => scrollToElement(element) }, el("span", { "aria-hidden": "true" }, arrowTo(element)), label));
  chip.show();
  return () => chip.hide();
}
