/** Leaves out the items whose conditions do not hold now: they are neither shown nor counted. Loaded with the first guide that has such items. */

import { onDomChange, find } from "../target/exports";
import { reschedule, endShowing, guides, mayStart, ruleFacts, show, showings } from "./exports";
import type { Showing } from "../types/kit";
import type { Target } from "bodies";
import { chunks, onPage } from "../core/exports";
import { evaluate } from "../rules/exports";
import type { DeliveredItem } from "../types/protocol";

/** Keeps a guide idle until one of its items is for this person, or other guides are delivered. */
function waitForItem(showing: Showing<unknown>): void {
  const { id } = showing;
  const entry = showings.get(id)!;
  const check = (): void => {
    const isHere = showings.get(id) === entry;
    const guide = guides.get(id);
    if (isHere && guide === entry.guide && !showing.items[0]) return;
    stops.forEach((stop) => stop());
    if (!isHere) return;
    endShowing(id, true);
    if (guide && !mayStart(guide)) void show(guide, { mayFocus: true });
    else reschedule();
  };
  const timer = setInterval(check, 1000);
  const stops = [onPage(check), onDomChange(check), () => clearInterval(timer)];
  showing.setIdle(true);
}

/** The elements that a rule asks for. */
const targetsIn = (rule: object): Target[] =>
  Object.entries(rule).flatMap(([tag, operand]) => (tag === "element" ? [operand as Target] : operand && typeof operand === "object" ? targetsIn(operand as object) : []));

/** Limits a showing to the items whose conditions hold; settles once the chunks that find their elements are loaded. */
export async function applyConditions(showing: Showing<unknown>): Promise<void> {
  const all: readonly DeliveredItem[] | undefined = guides.get(showing.id)?.items;
  if (!all || (all[0] && !all.some(({ rule }) => rule))) return;
  const { complete, emit } = showing;
  let isSeen = false;
  Object.defineProperty(showing, "items", { get: () => all.filter(({ rule }) => evaluate(rule, { ...facts(), ...ruleFacts() }) === true) });
  Object.assign(showing, {
    emit(...args) {
      isSeen = true;
      emit(...args);
    },
    // a guide of which no item was shown is not completed: it waits
    complete: () => (isSeen || showing.items[0] ? complete() : waitForItem(showing)),
  } satisfies Partial<Showing<unknown>>);
  const { pageFacts: facts } = await chunks.load("page-watcher");
  const targets = all.flatMap(({ rule }) => targetsIn(rule ?? {}));
  for (const part of targets.some(({ by }) => by > "p") ? (["deep-find", "picked"] as const) : []) {
    targets.forEach((target) => find(target));
    await chunks.load(part);
  }
}
