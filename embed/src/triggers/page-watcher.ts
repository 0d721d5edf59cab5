/** Watches the page for rules on elements, seconds and scrolling. Loaded with the first such rule. */

import "../rules/page-conditions";
import { onDomChange, find } from "../target/exports";
import { reschedule } from "../stage/exports";
import { chunks, json, listen, page, warn } from "../core/exports";
import type { Rule } from "../types/protocol";

/** The facts of this page beyond its address. */
export const pageFacts = (): object => ({
  seconds: (Date.now() - page.since) / 1000,
  scroll: ((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100,
  element: (target: never) => !!find(target),
});

let watched = "";
let stops: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout>;
let frame = 0;

const scheduleOnce = (): void => {
  frame ||= requestAnimationFrame(() => ((frame = 0), reschedule()));
};

/** Milliseconds until time alone may change the outcome of a rule; 0 for never. */
export function nextChange(rules: string, seconds: number): number {
  const delays = Array.from(rules.matchAll(/"delay":([\d.]+)/g), (match) => +match[1]! - seconds).filter((left) => left > 0);
  if (rules.includes('"between"')) delays.push(30);
  return delays.length && Math.min(...delays) * 1000 + 20;
}

/** Reschedules when something these rules depend on may have changed, at most once a frame; watches nothing else. */
export function watchRules(rules: readonly (Rule | undefined)[]): void {
  const text = json(rules);
  const wait = nextChange(text, (Date.now() - page.since) / 1000);
  clearTimeout(timer);
  if (wait) timer = setTimeout(reschedule, wait);
  if (text.includes('"triggered"')) chunks.load("triggers").then((part) => part.watch(), warn);
  const conditions = ["element", "scroll"].filter((kind) => text.includes(`"${kind}"`)).join();
  if (conditions === watched) return;
  watched = conditions;
  stops.splice(0).forEach((stop) => stop());
  if (conditions.includes("element")) stops.push(onDomChange(reschedule));
  if (conditions.includes("scroll")) stops.push(listen("scroll", scheduleOnce));
}
