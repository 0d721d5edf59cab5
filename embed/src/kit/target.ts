/** Finds the element that is meant, and notices when the page changes, at most once a frame. */

import type { Target } from "bodies";
import { guard } from "../guard";

type Place = Document | ShadowRoot;
const PRESSED = "a,button,[role=button],[role=link],[role=tab],[role=menuitem],summary,label";
const LONGEST = 1000;

/** Present and visible to people. */
export function visible(element: Element): boolean {
  if (!element.isConnected || !element.getClientRects().length) return false;
  return element.checkVisibility ? element.checkVisibility({ visibilityProperty: true }) : getComputedStyle(element).visibility === "visible";
}

/** The first visible element that is meant, in the page and then inside open shadow roots; null when there is none. */
export function find(target: Target, deep = true): Element | null {
  const value = String(target.value || "").trim();
  if (!value || value.length > LONGEST) return null;
  try {
    return search(target.by, value, document) || (deep ? within(target.by, value, document) : null);
  } catch {
    return null; // a selector that is none
  }
}

function search(by: Target["by"], value: string, place: Place): Element | null {
  if (by === "text") return byText(value, place);
  const css = by === "css" ? value : by === "name" ? `[data-handrail-target="${CSS.escape(value)}"]` : null;
  if (!css) return null;
  for (const element of all(place, css)) if (visible(element)) return element;
  return null;
}

function all(place: Place, css: string): NodeListOf<Element> {
  return (place instanceof Document ? Document : DocumentFragment).prototype.querySelectorAll.call(place, css);
}

function within(by: Target["by"], value: string, place: Place): Element | null {
  for (const { shadowRoot, localName } of all(place, "*")) {
    if (!shadowRoot || localName === "handrail-root") continue;
    const found = search(by, value, shadowRoot) || within(by, value, shadowRoot);
    if (found) return found;
  }
  return null;
}

const fold = (text: string | null): string => (text || "").replace(/\s+/g, " ").trim();

/** The smallest visible element with exactly this text; one that can be pressed is preferred. */
function byText(value: string, place: Place): Element | null {
  const wanted = fold(value);
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let best: Element | null = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const part = fold(node.nodeValue);
    const match = part && wanted.startsWith(part) ? around(node.parentElement, wanted) : null;
    if (!match || !visible(match)) continue;
    const pressed = match.closest(PRESSED);
    if (pressed && fold(pressed.textContent) === wanted) return pressed;
    best ||= match;
  }
  return best;
}

function around(element: Element | null, wanted: string): Element | null {
  for (let up = 0; element && up < 5; up++, element = element.parentElement) {
    const text = fold(element.textContent);
    if (text === wanted) return /^(script|style|noscript|template|title)$/.test(element.localName) ? null : element;
    if (text.length > wanted.length) return null;
  }
  return null;
}

const askers = new Set<() => void>();
let observer: MutationObserver | null = null;
let pending = 0;

/** Call back after the page's elements changed, at most once a frame; hands back how to stop. */
export function changes(changed: () => void): () => void {
  const safe = guard(changed);
  askers.add(safe);
  if (!observer) {
    observer = new MutationObserver(() => (pending ||= requestAnimationFrame(tell)));
    observer.observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "style", "hidden", "open", "data-handrail-target"] });
  }
  return () => {
    askers.delete(safe);
    if (askers.size) return;
    observer?.disconnect();
    observer = null;
  };
}

function tell(): void {
  pending = 0;
  [...askers].forEach((ask) => ask());
}
