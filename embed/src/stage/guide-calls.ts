/** The calls of window.handrail about guides; loaded with the first. */

import { reschedule, endShowing as stop, ruleFacts, guides, isStarted, isEnded, isSnoozed, occupiedLanes, mayStart, saveProgress, show, showings, stateOf } from "./exports";
import type { Json } from "../types/protocol";
import { sanitize, fetchBoot, toId, off, on, readOption, send, emitHostEvent } from "../core/exports";
import { evaluate } from "../rules/exports";

interface Gate {
  gate: string;
  holds: boolean;
  left?: unknown;
}

async function start(guideId: unknown, options?: unknown): Promise<boolean> {
  const id = toId(guideId);
  const current = guides.get(id);
  // a new start shows the live version, continuing the version that was started
  if (!current || (current.live_version && !(readOption(options, "continue") && isStarted(id)))) await fetchBoot(id);
  const guide = guides.get(id);
  if (!guide || (readOption(options, "once") && stateOf(id) !== "waiting")) return false;
  const step = toId(readOption(options, "step"));
  const isShown = await show(guide, { item: step, mayFocus: true, restart: !readOption(options, "continue") });
  if (step && !guide.items?.some(({ key }, at) => key === step || `${at + 1}` === step)) emitHostEvent("error", { guide: guide.id, item: step, code: "unknown_step", message: `there is no step ${step}; it begins at the first` });
  return isShown;
}

function end(id?: unknown): boolean {
  const ending = [...showings.values()].filter(({ guide }) => id === undefined || guide.id === id);
  ending.forEach(({ guide, finish }) => (finish ? finish("dismissed", { reason: "host" }) : stop(guide.id)));
  return !!ending[0];
}

/** Passes a command to the guide in the focus lane, or to the first one on screen that listens. */
function passCommand(name: string, args: Json = null): boolean {
  const active = [...showings.values()].filter(({ isIdle, command }) => !isIdle && command);
  const entry = active.find(({ guide }) => guide.lane === "focus") ?? active[0];
  entry?.command!(name, args);
  return !!entry;
}

/** Passes any other call, such as openHelp(), to the guides on screen until one answers; false when none does. */
function broadcast(name: string, args: Json = null): unknown {
  for (const { command } of showings.values()) {
    const answer = command?.(name, args);
    if (answer !== undefined) return answer;
  }
  return false;
}

/** Lists, gate by gate, why a guide does or does not show. */
function explain(id: unknown): Gate[] {
  const guide = guides.get(toId(id));
  if (!guide) return [{ gate: "delivered", holds: false }];
  const answer = isStarted(guide.id) || evaluate(guide.rule, ruleFacts());
  return [
    { gate: "delivered", holds: true },
    { gate: "starts by itself", holds: mayStart(guide) },
    { gate: "frequency", holds: !isEnded(guide) },
    { gate: "snoozed", holds: !isSnoozed(guide) },
    { gate: "rule", holds: answer === true, left: answer === true ? undefined : guide.rule },
    { gate: "lane", holds: showings.has(guide.id) || guide.lane === "inline" || !occupiedLanes(guide).has(guide.lane) },
  ];
}

function snooze(id: unknown, date: unknown): boolean {
  const until = new Date((sanitize(date) as string) ?? NaN).getTime();
  const guide = guides.get(toId(id));
  if (!guide || !(until > Date.now())) return false;
  saveProgress(guide.id, { until });
  stop(guide.id, true);
  send("snoozed", { guide: guide.id, version: guide.version }, { until: new Date(until).toISOString() });
  emitHostEvent("guide:snoozed", { guide: guide.id, until });
  reschedule();
  return true;
}

const logEvent = (detail: unknown, name: string): void => console[name === "error" ? "warn" : "info"]("handrail:", name, detail);

function debug(loud: unknown): void {
  off("*", logEvent);
  if (loud !== false) on("*", logEvent);
}

const guideCalls: Record<string, (...args: never[]) => unknown> = Object.assign(Object.create(null), {
  start,
  end,
  endAll: () => end(),
  next: () => passCommand("next"),
  back: () => passCommand("back"),
  goTo: (item: unknown) => passCommand("goTo", { item: toId(item) }),
  explain,
  snooze,
  debug,
});

/** Every call by its name; those we do not know are commands for guides. */
export const calls = new Proxy(guideCalls, { get: (target, name: string) => target[name] ?? ((args?: unknown) => broadcast(name, sanitize(args))) });
