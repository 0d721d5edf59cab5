/** Calls of window.handrail that are about guides; loaded when the first is made. */

import { copied, idOf, option } from "./copy";
import type { Core } from "./kit/host";
import type { Command } from "./kit/types";
import type { forCalls } from "./kit/index";

/** What they are handed, because they are built apart. */
type Given = typeof forCalls & { core: Core };

interface Gate {
  gate: string;
  holds: boolean;
  left?: unknown;
}

async function start({ guides, stateOf, show, core }: Given, given: unknown, more?: unknown): Promise<boolean> {
  const id = idOf(given);
  if (!guides.has(id)) await core.fetchBoot(id);
  const guide = guides.get(id);
  if (!guide || (option(more, "once") && stateOf(id) !== "waiting")) return false;
  return show(guide, { item: idOf(option(more, "step")), asked: true, again: !option(more, "continue") });
}

function end({ shown, end: stop }: Given, id?: unknown): boolean {
  const ending = [...shown.values()].filter(({ guide }) => id === undefined || guide.id === id);
  ending.forEach(({ guide, dismiss }) => (dismiss ? dismiss("host") : stop(guide.id)));
  return !!ending[0];
}

/** Pass it on to the guide that has the focus. */
function pass({ shown }: Given, command: Command): boolean {
  const able = [...shown.values()].filter(({ resting, command: take }) => !resting && take);
  const entry = able.find(({ guide }) => guide.lane === "focus") ?? able[0];
  entry?.command!(command);
  return !!entry;
}

/** Gate by gate, why it does or does not show. */
function explain({ guides, shown, lanes, isBegun, isEnded, isSnoozed, mayStart, pageFacts, core }: Given, id: unknown): Gate[] {
  const guide = guides.get(idOf(id));
  if (!guide) return [{ gate: "delivered", holds: false }];
  const answer = isBegun(guide.id) || core.settle(guide.rule, pageFacts());
  return [
    { gate: "delivered", holds: true },
    { gate: "starts by itself", holds: mayStart(guide) },
    { gate: "frequency", holds: !isEnded(guide) },
    { gate: "snoozed", holds: !isSnoozed(guide) },
    { gate: "rule", holds: answer === true, left: answer === true ? undefined : guide.rule },
    { gate: "lane", holds: shown.has(guide.id) || guide.lane === "inline" || !lanes(guide).has(guide.lane) },
  ];
}

function snooze({ guides, remember, end, ask, core }: Given, id: unknown, until: unknown): boolean {
  const at = new Date((copied(until) as string) ?? NaN).getTime();
  const guide = guides.get(idOf(id));
  if (!guide || !(at > Date.now())) return false;
  remember(guide.id, { until: at });
  end(guide.id, true);
  core.send("snoozed", { guide: guide.id, version: guide.version }, { until: new Date(at).toISOString() });
  core.tell("guide:snoozed", { guide: guide.id, until: at });
  ask();
  return true;
}

const speak = (detail: unknown, name: string): void => console.info("handrail:", name, detail);

function debug({ core }: Given, loud: unknown): void {
  core.off("*", speak);
  if (loud !== false) core.on("*", speak);
}

export const calls: Record<string, (given: Given, ...args: unknown[]) => unknown> = Object.assign(Object.create(null), {
  start,
  end,
  endAll: (given: Given) => end(given),
  next: (given: Given) => pass(given, { do: "next" }),
  back: (given: Given) => pass(given, { do: "back" }),
  goTo: (given: Given, item: unknown) => pass(given, { do: "goTo", item: idOf(item) }),
  explain,
  snooze,
  debug,
});
