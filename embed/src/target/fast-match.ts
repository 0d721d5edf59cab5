/** The fast match: a stored selector finds exactly one element, with the same text and attributes as before. */

import type { Fingerprint } from "bodies";
import { textOf, visible, attributeText } from "./describe";

export type SearchRoot = Document | ShadowRoot;

/** Features that can be compared here: id, test, name, text, spoken, leading. */
const PLAIN = [1, 2, 3, 4, 6, 7];
const ENOUGH = 9;

/** Null in any doubt: then the scored match decides. */
export function fastMatch(fingerprint: Fingerprint, root: SearchRoot): Element | null {
  const { duplicates: twins, weights: power, selectors, tag, id, text, attributes } = fingerprint;
  const strength = PLAIN.reduce((sum, k) => sum + +power[k]!, 0);
  if (twins[0] !== 1 || strength < ENOUGH || !selectors[0]) return null;
  const matches = [...root.querySelectorAll(selectors[0])].filter(visible);
  const element = matches.length === 1 ? matches[0]! : null;
  const isSame = element?.localName === tag && element.id === id && (!text || textOf(element) === text) && Object.entries(attributes).every(([name, [, had]]) => attributeText(name, element.getAttribute(name)) === had);
  return isSame ? element : null;
}

/** The document, or a shadow root or frame within it. */
export function findSearchRoot(within: readonly string[]): SearchRoot | "no-candidate" | "unsupported" {
  let root: SearchRoot = document;
  for (const selector of within) {
    const host: Element | null = root.querySelector(selector);
    if (!host) return "no-candidate";
    const inside: SearchRoot | null | undefined = host.shadowRoot ?? (host as HTMLIFrameElement).contentDocument;
    if (!inside) return "unsupported";
    root = inside;
  }
  return root;
}
