/** Follows every element that fits a target, such as a column of a table that grows. */

import type { Target } from "bodies";
import { onDomChange, watch } from "../target/exports";
import { cssOf, visible } from "../target/selector";
import type { Kit, Stop } from "../types/kit";

/** Targets by text and picked ones stand for one element; names and selectors for all that fit. */
export const watchAll: Kit["watchAll"] = (target, { found, lost }) => {
  const { by, value, refine } = target;
  if (refine || (by !== "name" && by !== "css")) return watchOne(target, found, lost);
  let elements = new Set<Element>();
  const check = (): void => {
    const before = elements;
    elements = new Set(findAll(cssOf(by, value)));
    for (const element of before) if (!elements.has(element)) lost?.(element);
    for (const element of elements) if (!before.has(element)) found(element);
  };
  const timer = setInterval(check, 1000);
  const stop = onDomChange(check);
  check();
  return () => {
    stop();
    clearInterval(timer);
  };
};

function findAll(css: string): Element[] {
  try {
    return [...Document.prototype.querySelectorAll.call(document, css)].filter(visible);
  } catch {
    return [];
  }
}

function watchOne(target: Target, found: (element: Element) => void, lost?: (element: Element) => void): Stop {
  let current: Element | undefined;
  const forget = (): void => {
    if (current) lost?.(current);
    current = undefined;
  };
  return watch(target, {
    found(element) {
      forget();
      found((current = element));
    },
    lost: forget,
  });
}
