/** The engines compared: each captures an element as something to store, and finds it again, or null. */

import { finder } from "@medv/finder";
import { select } from "optimal-select";
import { capture } from "../../../../embed/src/target/capture";
import { resolve } from "../../../../embed/src/target/resolve";

export interface Engine {
  capture(element: Element): unknown;
  resolve(captured: never): Element | null;
}

const bySelector = (selector: string): Element | null => (selector ? document.querySelector(selector) : null);

function attempt(make: () => string): string {
  try {
    return make();
  } catch {
    return "";
  }
}

/** As the developer tools copy it: down from the nearest id, by numbers. */
function devtools(element: Element): string {
  const path: string[] = [];
  for (let each: Element | null = element; each && each !== document.documentElement; each = each.parentElement) {
    if (each.id) return ["#" + CSS.escape(each.id), ...path].join(" > ");
    if (each === document.body) return ["body", ...path].join(" > ");
    const siblings: Element[] = [...each.parentElement!.children];
    const alone = siblings.filter((other) => other.localName === each!.localName).length === 1;
    path.unshift(each.localName + (alone ? "" : `:nth-child(${siblings.indexOf(each) + 1})`));
  }
  return path.join(" > ");
}

export const ENGINES: Record<string, Engine> = {
  devtools: { capture: (element) => attempt(() => devtools(element)), resolve: bySelector },
  finder: { capture: (element) => attempt(() => finder(element)), resolve: bySelector },
  "optimal-select": { capture: (element) => attempt(() => select(element) as string), resolve: bySelector },
  handrail: { capture: (element) => capture(element).fingerprint, resolve: (fingerprint) => resolve(fingerprint).element },
};
