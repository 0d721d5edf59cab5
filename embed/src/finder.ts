/** Finds elements by their text, and within open shadow roots; loaded when the plain way does not find them. */

import type { Target } from "bodies";
import { visible } from "./anchor/shared";

type Place = Document | ShadowRoot;

const PRESSED = "a,button,[role=button],[role=link],[role=tab],[role=menuitem],summary,label";

export function find(target: Target): Element | null {
  return search(target, document);
}

function search(target: Target, place: Place): Element | null {
  const { by, value } = target;
  const css = by === "css" ? value : `[data-handrail-target="${CSS.escape(value)}"]`;
  const here = by === "text" ? byText(value, place) : [...place.querySelectorAll(css)].find(visible);
  return here ?? within(target, place);
}

function within(target: Target, place: Place): Element | null {
  for (const { shadowRoot, localName } of place.querySelectorAll("*")) {
    const found = shadowRoot && localName !== "handrail-root" && search(target, shadowRoot);
    if (found) return found;
  }
  return null;
}

const fold = (text: string | null): string => (text ?? "").replace(/\s+/g, " ").trim();

/** The smallest visible element with exactly this text; one that can be pressed is preferred. */
function byText(value: string, place: Place): Element | null {
  const wanted = fold(value);
  const walker = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  let best: Element | null = null;
  while (walker.nextNode()) {
    const { nodeValue, parentElement } = walker.currentNode;
    const part = fold(nodeValue);
    const match = part && wanted.startsWith(part) ? around(parentElement, wanted) : null;
    if (!match || !visible(match)) continue;
    const pressed = match.closest(PRESSED);
    if (pressed && fold(pressed.textContent) === wanted) return pressed;
    best ??= match;
  }
  return best;
}

/** The element around a piece of text that has all of the text and no more. */
export function around(element: Element | null, wanted: string): Element | null {
  for (let up = 0; element && up < 5; up++, element = element.parentElement) {
    const text = fold(element.textContent);
    if (text === wanted) return /^(script|style|noscript|template|title)$/.test(element.localName) ? null : element;
    if (text.length > wanted.length) return null;
  }
  return null;
}
