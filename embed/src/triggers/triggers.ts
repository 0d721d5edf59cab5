/** Starts guides on an event, a click or a delay. Loaded with the first guide that has a trigger. */

import type { Target } from "bodies";
import { cssOf } from "../target/selector";
import { find } from "../target/exports";
import { attributeConditions } from "../rules/attribute-conditions";
import { onPageClick } from "../ui/page-clicks";
import { reschedule, closedHere, guides, showings } from "../stage/exports";
import { guard, listen, on, read, trackBuffer, identityKey, write } from "../core/exports";
import { browserConditions, evaluate } from "../rules/exports";
import type { EventFilter, Delivery, TrackedEvent } from "../types/protocol";

/** An event, and the guides it was matched against. */
interface RecentEvent {
  event: TrackedEvent;
  by: Set<string>;
}

/** How long after its trigger a guide may still start: until the next page is loaded, or its lane is free. */
const GRACE_MS = 5000;
/** How long an event before the boot can still start a guide. */
const FRESH_MS = 60_000;

/** Milliseconds left of each guide's delay, negative once it is over; only time in a visible tab counts. */
const armed = new Map<string, number>();
/** Guides with a delay alone whose countdown has run here. */
const counted = new Set<string>();
let recentEvents: RecentEvent[] = [];
const seenGuides = new WeakSet<Delivery>();
let owner = "";
let countingSince = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let stop: (() => void) | undefined;

Object.assign(browserConditions, { triggered: (id: string) => armed.get(id)! <= 0 });

/** Takes up the guides of a boot, once; recent events count for them too. */
export function watch(): void {
  const waiting = [...guides.values()].filter(({ trigger }) => trigger);
  if (waiting.every((guide) => seenGuides.has(guide))) return;
  waiting.forEach((guide) => seenGuides.add(guide));
  switchPerson();
  for (const id of armed.keys()) if (!guides.get(id)?.trigger) armed.delete(id);
  trackBuffer.splice(0).forEach(remember);
  recentEvents = recentEvents.filter(({ event }) => event[2] > Date.now() - FRESH_MS);
  recentEvents.forEach(matchEvent);
  for (const guide of waiting) if (isCounted(guide) && !counted.has(guide.id)) arm(guide);
  listenToClicks(waiting.filter(({ trigger }) => trigger!.click));
  tick();
}

/** Resets for another person: nobody gets a guide that somebody else triggered. */
function switchPerson(): void {
  const now = identityKey();
  if (owner[0] === "p" && owner !== now) {
    armed.clear();
    counted.clear();
    recentEvents = [];
  }
  if (!owner) startListening(now);
  owner = now;
}

function startListening(now: string): void {
  trackBuffer.push = (...events) => {
    events.map(remember).forEach(guard(matchEvent));
    tick();
    return 0;
  };
  on("guide:shown", (detail) => armed.delete((detail as { guide: string }).guide));
  listen("visibilitychange pagehide", () => {
    tick();
    save();
  });
  const stored = read(":armed") as { who?: string; at?: number; guides?: [string, number][] } | null;
  if (stored?.who !== now || !(stored.at! > Date.now() - FRESH_MS) || !Array.isArray(stored.guides)) return;
  for (const each of stored.guides) if (each && each[1] > -GRACE_MS && each[1] <= 6e5) armed.set(String(each[0]), each[1]);
}

const isCounted = ({ trigger }: Delivery): boolean => !trigger!.event && !trigger!.click;

function remember(event: TrackedEvent): RecentEvent {
  const each = { event, by: new Set<string>() };
  recentEvents = [...recentEvents.slice(-49), each];
  return each;
}

function matchEvent({ event, by: matched }: RecentEvent): void {
  for (const guide of guides.values()) {
    const { id, trigger } = guide;
    if (!trigger || matched.has(id)) continue;
    matched.add(id);
    if (armed.has(id) && matchesFilter(trigger.cancel_event, event)) armed.delete(id);
    else if (matchesFilter(trigger.event, event)) arm(guide);
  }
}

function matchesFilter(awaited: EventFilter | undefined, [name, props, , owner]: TrackedEvent): boolean {
  const isTheirs = !owner || "p:" + owner === identityKey();
  return isTheirs && awaited?.name === name && evaluate(awaited.where, { event: props, now: Date.now() }, attributeConditions) === true;
}

function arm({ id, trigger }: Delivery): void {
  counted.add(id);
  if (!armed.has(id) && !showings.has(id)) armed.set(id, (trigger!.delay_seconds ?? 0) * 1000);
}

/** Stores running countdowns for the next page. */
function save(): void {
  write(":armed", armed.size ? { who: owner, at: Date.now(), guides: [...armed] } : null);
}

/** Counts down, starts what is due, and sets a timer for the next; no timer runs in a hidden tab. */
function tick(): void {
  const now = Date.now();
  const passed = countingSince && now - countingSince;
  countingSince = document.hidden ? 0 : now;
  clearTimeout(timer);
  armed.forEach((left, id) => armed.set(id, left - passed));
  if (countingSince) startDue();
  const next = Math.min(...[...armed].map(([id, left]) => (left > 0 ? left : isCounted(guides.get(id)!) ? Infinity : left + GRACE_MS)));
  if (countingSince && next < Infinity) timer = setTimeout(guard(tick), next + 5);
}

function startDue(): void {
  let due = false;
  for (const [id, left] of armed) {
    const guide = guides.get(id);
    if (!guide?.trigger || (left <= -GRACE_MS && !isCounted(guide))) armed.delete(id);
    else if (left <= 0) {
      due = true;
      if (!isCounted(guide)) closedHere.delete(id);
    }
  }
  if (due) reschedule();
}

/** Listens to clicks whatever the page does with them. */
function listenToClicks(all: Delivery[]): void {
  stop?.();
  stop = all[0] && onPageClick((nodes) => {
    const path = nodes.filter((node) => node instanceof Element);
    all.filter(({ trigger }) => isClicked(trigger!.click as Target, path)).forEach(arm);
    setTimeout(guard(tick));
  });
  // loads the chunks that find it before the click
  for (const { trigger } of all) find(trigger!.click as Target);
}

/** Whether a click hit the target: any element of its name or selector, or the one that was found. */
function isClicked(target: Target, path: Element[]): boolean {
  const { by, value, refine } = target;
  const element = find(target);
  if (element && path.includes(element)) return true;
  if (refine || (by !== "css" && by !== "name")) return false;
  const css = cssOf(by, value);
  return !!guard(() => path.some((each) => each.matches(css)))();
}
