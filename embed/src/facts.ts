/** What a rule may ask of this page, and when it is worth asking again. */

import type { Target } from "bodies";
import { listen } from "./guard";
import type { Page } from "./page";
import { changes, find } from "./target";
import type { Rule } from "./types";

export function pageFacts(page: Page): Record<string, unknown> {
  const { scrollHeight } = document.documentElement;
  return {
    person: null,
    company: null,
    segments: null,
    page: page.url,
    now: new Date(),
    seconds: (Date.now() - page.since) / 1000,
    scroll: scrollHeight ? ((scrollY + innerHeight) / scrollHeight) * 100 : 0,
    element: (target: Target) => !!find(target, false),
  };
}

/** Milliseconds until a rule may answer otherwise just because time went by; 0 for never. */
export function due(rules: string, seconds: number): number {
  const delays = Array.from(rules.matchAll(/"delay":([\d.]+)/g), (match) => Number(match[1]) - seconds).filter((left) => left > 0);
  if (rules.includes('"between"')) delays.push(30);
  return delays.length ? Math.max(50, Math.min(...delays) * 1000 + 20) : 0;
}

/** Asks again when something a waiting rule looks at may have changed; watches nothing else. */
export class Ears {
  private kinds = "";
  private stops: (() => void)[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;

  constructor(
    private readonly page: Page,
    private readonly ask: () => void,
  ) {}

  listenFor(rules: readonly Rule[]): void {
    const text = JSON.stringify(rules);
    const kinds = ["element", "scroll"].filter((kind) => text.includes(`"${kind}"`)).join();
    if (kinds !== this.kinds) this.tune(kinds);
    clearTimeout(this.timer);
    const wait = document.hidden ? 0 : due(text, (Date.now() - this.page.since) / 1000);
    if (wait) this.timer = setTimeout(this.ask, wait);
  }

  close(): void {
    this.listenFor([]);
  }

  private tune(kinds: string): void {
    this.kinds = kinds;
    this.stops.splice(0).forEach((stop) => stop());
    if (kinds.includes("element")) this.stops.push(changes(this.ask));
    if (kinds.includes("scroll")) this.stops.push(listen(window, "scroll", () => (this.frame ||= requestAnimationFrame(() => ((this.frame = 0), this.ask())))));
  }
}
