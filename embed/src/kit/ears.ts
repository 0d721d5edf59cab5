/** What a rule may ask of this page, and when it is worth asking again. */

import { json, listen } from "../guard";
import type { Rule } from "../types";
import { core } from "./core";
import { ask } from "./stage";
import { changes, find } from "./target";

export const pageFacts = (): Parameters<typeof core.settle>[1] => ({
  page: core.page.url,
  now: Date.now(),
  seconds: (Date.now() - core.page.since) / 1000,
  scroll: ((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100,
  element: (target) => !!find(target),
});

let heard = "";
let stops: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout>;
let frame = 0;

const soon = (): void => {
  frame ||= requestAnimationFrame(() => ((frame = 0), ask()));
};

/** Milliseconds until a rule may answer otherwise just because time went by; 0 for never. */
export function due(rules: string, seconds: number): number {
  const delays = Array.from(rules.matchAll(/"delay":([\d.]+)/g), (match) => +match[1]! - seconds).filter((left) => left > 0);
  if (rules.includes('"between"')) delays.push(30);
  return delays.length && Math.min(...delays) * 1000 + 20;
}

/** Ask again when something these rules look at may have changed, at most once a frame; watch nothing else. */
export function listenFor(rules: readonly (Rule | undefined)[]): void {
  const text = json(rules);
  const wait = due(text, (Date.now() - core.page.since) / 1000);
  clearTimeout(timer);
  if (wait) timer = setTimeout(ask, wait);
  const kinds = ["element", "scroll"].filter((kind) => text.includes(`"${kind}"`)).join();
  if (kinds === heard) return;
  heard = kinds;
  stops.forEach((stop) => stop());
  stops = [];
  if (kinds.includes("element")) stops.push(changes(ask));
  if (kinds.includes("scroll")) stops.push(listen("scroll", soon));
}
