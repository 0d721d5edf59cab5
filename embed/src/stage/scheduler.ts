/** Decides which delivered guides show now, by rules, frequency and lanes. */

import { chunks, json, page, emitHostEvent, warn } from "../core/exports";
import { evaluate } from "../rules/exports";
import type { Delivery } from "../types/protocol";
import type { PageWatcherChunk, BootResult } from "../types/contracts";
import { extensions } from "../ui/extensions";
import { chooseByLane } from "./lanes";
import { acceptProgress, isStarted, isFinished, getProgress, mergeFromOtherTabs } from "./progress";
import { showGuide } from "./showing";
import { type StartOptions, endShowing, closedHere, guides, occupiedLanes, showings, type ActiveShowing, freeLane } from "./state";

export function isEnded({ id, frequency, repeat_after_days: days }: Delivery): boolean {
  const progress = getProgress(id);
  const isFinishedGuide = isFinished(progress.status);
  return days && isFinishedGuide ? progress.at > Date.now() - days * 864e5 : closedHere.has(id) || (isFinishedGuide && frequency !== "always" && (frequency !== "until_finished" || progress.status === "completed"));
}
export const isSnoozed = ({ id }: Delivery): boolean => getProgress(id).until! > Date.now();
export const mayStart = ({ id, start }: Delivery): boolean => start !== "manual" || isStarted(id);
/** Takes the guides of a boot; progress made here since it was requested wins over the server's. */
export function receive(...[boot, unheard, since]: BootResult): void {
  guides.clear();
  for (const guide of boot.guides) {
    guides.set(guide.id, guide);
    if (!unheard.has(guide.id) && getProgress(guide.id).at < since) acceptProgress(guide.id, guide.progress);
  }
  reschedule();
}

let pageWatcher: PageWatcherChunk | undefined;

export const ruleFacts = (): Parameters<typeof evaluate>[1] => ({ page: page.url, now: Date.now(), ...pageWatcher?.pageFacts() });

/** Shows the guides that may show now, checks goals, and watches the page for the rules of goals and of the other guides. */
export function reschedule(): void {
  const waiting = document.hidden ? [] : [...guides.values()].filter((guide) => !showings.has(guide.id) && mayStart(guide) && !isEnded(guide) && !isSnoozed(guide));
  const facts = ruleFacts();
  const ready = waiting.filter(({ id, rule }) => isStarted(id) || evaluate(rule, facts) === true);
  const rules = waiting.filter((guide) => !ready.includes(guide)).map(({ rule }) => rule).concat(extensions.checkGoals?.() ?? []);
  for (const guide of chooseByLane(ready, isStarted, new Set(occupiedLanes().keys()))) void show(guide);
  if (pageWatcher) pageWatcher.watchRules(rules);
  else if (/"(element|delay|scroll|between|triggered)"/.test(json(rules)))
    chunks.load("page-watcher").then((loaded) => {
      if (!pageWatcher) {
        pageWatcher = loaded;
        reschedule();
      }
    }, warn);
}

/** Applies progress of other tabs: guides finished there end here, guides continued there continue here. */
export function syncWithOtherTabs(isBack?: boolean): void {
  mergeFromOtherTabs();
  for (const [id, { item, finish }] of showings) {
    const progress = getProgress(id);
    const isUnfinished = !isFinished(progress.status);
    if (finish && (!isUnfinished || (isBack && item && item !== progress.item))) endShowing(id, isUnfinished);
  }
  reschedule();
}

export async function show(guide: Delivery, begin: StartOptions = {}): Promise<boolean> {
  const { id } = guide;
  endShowing(id, true);
  const entry: ActiveShowing = { guide };
  showings.set(id, entry);
  freeLane(guide, begin.mayFocus);
  try {
    return await showGuide(entry, begin, reschedule);
  } catch (problem) {
    if (showings.get(id) === entry) endShowing(id);
    closedHere.add(id);
    warn(problem);
    emitHostEvent("error", { guide: id, message: String(problem) });
    // another guide may take the free lane
    reschedule();
    return false;
  }
}

/** Takes every guide off the screen and forgets all. */
export function clearStage(): void {
  [...showings.keys()].forEach((id) => endShowing(id));
  guides.clear();
  closedHere.clear();
  pageWatcher?.watchRules([]);
}
