/** What starts a guide beside its rule: an event of the page, a click, time. Loaded with the first guide that waits for one. */

import type { Target } from "bodies";
import { cssOf } from "../target/selector";
import { find } from "../target/exports";
import { known } from "../rules/attribute-conditions";
import { clicks } from "../ui/page-clicks";
import { ask, ended, guides, shown } from "../stage/exports";
import { guard, listen, on, read, tracked, whoKey, write } from "../core/exports";
import { browser, settle } from "../rules/exports";
import type { Awaited, Delivery, Tracked } from "../types/protocol";

/** An event, and the guides that were told of it. */
interface Heard {
  event: Tracked;
  by: Set<string>;
}

/** How long after its moment a guide may still come: until the next page is there, or the room for it. */
const GRACE = 5000;
/** What happened before a guide arrived starts it for so long. */
const FRESH = 60_000;

/** Milliseconds of its delay that are left, below zero since it is over; only time in which the tab is seen counts. */
const armed = new Map<string, number>();
/** Guides that come by themselves and have been counted down here. */
const counted = new Set<string>();
let heard: Heard[] = [];
const taken = new WeakSet<Delivery>();
let person = "";
let since = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let stop: (() => void) | undefined;

Object.assign(browser, { triggered: (id: string) => armed.get(id)! <= 0 });

/** Take up the guides of a boot, once: what happened just before counts for them too. */
export function watch(): void {
  const waiting = [...guides.values()].filter(({ trigger }) => trigger);
  if (waiting.every((guide) => taken.has(guide))) return;
  waiting.forEach((guide) => taken.add(guide));
  turn();
  for (const id of armed.keys()) if (!guides.get(id)?.trigger) armed.delete(id);
  tracked.splice(0).forEach(keep);
  heard = heard.filter(({ event }) => event[2] > Date.now() - FRESH);
  heard.forEach(offer);
  for (const guide of waiting) if (isCounted(guide) && !counted.has(guide.id)) arm(guide);
  listenToClicks(waiting.filter(({ trigger }) => trigger!.click));
  tick();
}

/** The first time, and for another person: nobody gets what somebody else set off. */
function turn(): void {
  const now = whoKey();
  if (person[0] === "p" && person !== now) {
    armed.clear();
    counted.clear();
    heard = [];
  }
  if (!person) begin(now);
  person = now;
}

function begin(now: string): void {
  tracked.push = (...events) => {
    events.map(keep).forEach(guard(offer));
    tick();
    return 0;
  };
  on("guide:shown", (told) => armed.delete((told as { guide: string }).guide));
  listen("visibilitychange pagehide", () => {
    tick();
    save();
  });
  const kept = read(":armed") as { who?: string; at?: number; guides?: [string, number][] } | null;
  if (kept?.who !== now || !(kept.at! > Date.now() - FRESH) || !Array.isArray(kept.guides)) return;
  for (const each of kept.guides) if (each && each[1] > -GRACE && each[1] <= 6e5) armed.set(String(each[0]), each[1]);
}

const isCounted = ({ trigger }: Delivery): boolean => !trigger!.event && !trigger!.click;

function keep(event: Tracked): Heard {
  const each = { event, by: new Set<string>() };
  heard = [...heard.slice(-49), each];
  return each;
}

function offer({ event, by }: Heard): void {
  for (const guide of guides.values()) {
    const { id, trigger } = guide;
    if (!trigger || by.has(id)) continue;
    by.add(id);
    if (armed.has(id) && fits(trigger.cancel, event)) armed.delete(id);
    else if (fits(trigger.event, event)) arm(guide);
  }
}

function fits(awaited: Awaited | undefined, [name, props, , owner]: Tracked): boolean {
  const isTheirs = !owner || "p:" + owner === whoKey();
  return isTheirs && awaited?.name === name && settle(awaited.where, { event: props, now: Date.now() }, known) === true;
}

function arm({ id, trigger }: Delivery): void {
  counted.add(id);
  if (!armed.has(id) && !shown.has(id)) armed.set(id, (trigger!.delay ?? 0) * 1000);
}

/** For the next page, when this one is left meanwhile. */
function save(): void {
  write(":armed", armed.size ? { who: person, at: Date.now(), guides: [...armed] } : null);
}

/** Count down, let come what is due, and look again when the next one is; no timer runs while nobody looks. */
function tick(): void {
  const now = Date.now();
  const passed = since && now - since;
  since = document.hidden ? 0 : now;
  clearTimeout(timer);
  armed.forEach((left, id) => armed.set(id, left - passed));
  if (since) come();
  const next = Math.min(...[...armed].map(([id, left]) => (left > 0 ? left : isCounted(guides.get(id)!) ? Infinity : left + GRACE)));
  if (since && next < Infinity) timer = setTimeout(guard(tick), next + 5);
}

function come(): void {
  let due = false;
  for (const [id, left] of armed) {
    const guide = guides.get(id);
    if (!guide?.trigger || (left <= -GRACE && !isCounted(guide))) armed.delete(id);
    else if (left <= 0) {
      due = true;
      if (!isCounted(guide)) ended.delete(id);
    }
  }
  if (due) ask();
}

/** The page's own handlers hear the click as well, and whatever they do with it. */
function listenToClicks(all: Delivery[]): void {
  stop?.();
  stop = all[0] && clicks((nodes) => {
    const path = nodes.filter((node) => node instanceof Element);
    all.filter(({ trigger }) => isMeant(trigger!.click as Target, path)).forEach(arm);
    setTimeout(guard(tick));
  });
  // whatever finds it is loaded before it is needed
  for (const { trigger } of all) find(trigger!.click as Target);
}

/** Any element of that name or selector is meant, and the one that a text finds. */
function isMeant(target: Target, path: Element[]): boolean {
  const { by, value, refine } = target;
  const found = find(target);
  if (found && path.includes(found)) return true;
  if (refine || (by !== "css" && by !== "name")) return false;
  const css = cssOf(by, value);
  return !!guard(() => path.some((each) => each.matches(css)))();
}
