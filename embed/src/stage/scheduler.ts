/** From waiting guides to guides on screen: rules, frequency and lanes. */

import { files, json, page, tell, warn } from "../core/exports";
import { settle } from "../rules/exports";
import type { Delivery } from "../types/protocol";
import type { PageWatcherChunk, Received } from "../types/contracts";
import { choose } from "./lanes";
import { accept, isBegun, isOver, recall, syncMemory } from "./progress";
import { showGuide } from "./showing";
import { type Begin, end, ended, guides, lanes, shown, type Shown, yieldLane } from "./state";

export function isEnded({ id, frequency, days }: Delivery): boolean {
  const kept = recall(id);
  const over = isOver(kept);
  return days && over ? kept.at > Date.now() - days * 864e5 : ended.has(id) || (over && frequency !== "always" && (frequency !== "until_finished" || kept.status === "completed"));
}
export const isSnoozed = ({ id }: Delivery): boolean => recall(id).until! > Date.now();
export const mayStart = ({ id, start }: Delivery): boolean => start !== "manual" || isBegun(id);
/** Take a boot's guides; what this browser did since it was asked counts more than the server's word. */
export function receive(...[boot, unheard, since]: Received): void {
  guides.clear();
  for (const guide of boot.guides) {
    guides.set(guide.id, guide);
    if (!unheard.has(guide.id) && recall(guide.id).at < since) accept(guide.id, guide.progress);
  }
  ask();
}

let ears: PageWatcherChunk | undefined;

export const facts = (): Parameters<typeof settle>[1] => ({ page: page.url, now: Date.now(), ...ears?.pageFacts() });

/** Show what may show now, and listen for what the others wait for. */
export function ask(): void {
  const waiting = document.hidden ? [] : [...guides.values()].filter((guide) => !shown.has(guide.id) && mayStart(guide) && !isEnded(guide) && !isSnoozed(guide));
  const given = facts();
  const ready = waiting.filter(({ id, rule }) => isBegun(id) || settle(rule, given) === true);
  const rules = waiting.filter((guide) => !ready.includes(guide)).map(({ rule }) => rule);
  for (const guide of choose(ready, isBegun, new Set(lanes().keys()))) void show(guide);
  if (ears) ears.listenFor(rules);
  else if (/"(element|delay|scroll|between|triggered)"/.test(json(rules)))
    files.load("page-watcher").then((loaded) => {
      if (!ears) {
        ears = loaded;
        ask();
      }
    }, warn);
}

/** What ended on another page ends here as well; what went on there goes on here once the person is back. */
export function catchUp(isBack?: boolean): void {
  syncMemory();
  for (const [id, { item, dismiss }] of shown) {
    const kept = recall(id);
    const isOn = !isOver(kept);
    if (dismiss && (!isOn || (isBack && item && item !== kept.item))) end(id, isOn);
  }
  ask();
}

export async function show(guide: Delivery, begin: Begin = {}): Promise<boolean> {
  const { id } = guide;
  end(id, true);
  const entry: Shown = { guide };
  shown.set(id, entry);
  yieldLane(guide, begin.asked);
  try {
    return await showGuide(entry, begin, ask);
  } catch (problem) {
    if (shown.get(id) === entry) end(id);
    ended.add(id);
    warn(problem);
    tell("error", { guide: id, message: String(problem) });
    // somebody else may have its room
    ask();
    return false;
  }
}

/** Nothing stays. */
export function clearStage(): void {
  [...shown.keys()].forEach((id) => end(id));
  guides.clear();
  ended.clear();
  ears?.listenFor([]);
}
