/** Calls of window.handrail that are about guides; loaded when the first is made. */

import { ask, end as stop, facts, guides, isBegun, isEnded, isSnoozed, lanes, mayStart, remember, show, shown, stateOf } from "./exports";
import type { Command } from "../types/kit";
import { copied, fetchBoot, idOf, off, on, option, send, tell } from "../core/exports";
import { settle } from "../rules/exports";

interface Gate {
  gate: string;
  holds: boolean;
  left?: unknown;
}

async function start(given: unknown, more?: unknown): Promise<boolean> {
  const id = idOf(given);
  const known = guides.get(id);
  // who starts anew gets what is live, who goes on what was begun
  if (!known || (known.newer && !(option(more, "continue") && isBegun(id)))) await fetchBoot(id);
  const guide = guides.get(id);
  if (!guide || (option(more, "once") && stateOf(id) !== "waiting")) return false;
  const step = idOf(option(more, "step"));
  const isShown = await show(guide, { item: step, asked: true, again: !option(more, "continue") });
  if (step && guide.body && !holds(guide.body, step)) tell("error", { guide: guide.id, item: step, code: "unknown_step", message: `there is no step ${step}; it begins at the first` });
  return isShown;
}

/** Whether an item of that key, or of that number, is in one of the body's lists. */
const holds = (body: object, item: string): boolean => Object.values(body).some((list) => Array.isArray(list) && list.some((each, at) => each?.key === item || String(at + 1) === item));

function end(id?: unknown): boolean {
  const ending = [...shown.values()].filter(({ guide }) => id === undefined || guide.id === id);
  ending.forEach(({ guide, dismiss }) => (dismiss ? dismiss("host") : stop(guide.id)));
  return !!ending[0];
}

/** Pass it on to the guide that has the focus. */
function pass(command: Command): boolean {
  const able = [...shown.values()].filter(({ resting, command: take }) => !resting && take);
  const entry = able.find(({ guide }) => guide.lane === "focus") ?? able[0];
  entry?.command!(command);
  return !!entry;
}

/** Gate by gate, why it does or does not show. */
function explain(id: unknown): Gate[] {
  const guide = guides.get(idOf(id));
  if (!guide) return [{ gate: "delivered", holds: false }];
  const answer = isBegun(guide.id) || settle(guide.rule, facts());
  return [
    { gate: "delivered", holds: true },
    { gate: "starts by itself", holds: mayStart(guide) },
    { gate: "frequency", holds: !isEnded(guide) },
    { gate: "snoozed", holds: !isSnoozed(guide) },
    { gate: "rule", holds: answer === true, left: answer === true ? undefined : guide.rule },
    { gate: "lane", holds: shown.has(guide.id) || guide.lane === "inline" || !lanes(guide).has(guide.lane) },
  ];
}

function snooze(id: unknown, until: unknown): boolean {
  const at = new Date((copied(until) as string) ?? NaN).getTime();
  const guide = guides.get(idOf(id));
  if (!guide || !(at > Date.now())) return false;
  remember(guide.id, { until: at });
  stop(guide.id, true);
  send("snoozed", { guide: guide.id, version: guide.version }, { until: new Date(at).toISOString() });
  tell("guide:snoozed", { guide: guide.id, until: at });
  ask();
  return true;
}

const speak = (detail: unknown, name: string): void => console[name === "error" ? "warn" : "info"]("handrail:", name, detail);

function debug(loud: unknown): void {
  off("*", speak);
  if (loud !== false) on("*", speak);
}

export const calls: Record<string, (...args: never[]) => unknown> = Object.assign(Object.create(null), {
  start,
  end,
  endAll: () => end(),
  next: () => pass({ do: "next" }),
  back: () => pass({ do: "back" }),
  goTo: (item: unknown) => pass({ do: "goTo", item: idOf(item) }),
  explain,
  snooze,
  debug,
});
