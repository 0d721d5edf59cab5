/** Excludes steps whose conditions do not hold: they are neither shown nor counted. */

import type { Target } from "bodies";
import { onDomChange, find } from "../target/exports";
import "../rules/page-conditions";
import { reschedule, endShowing, ruleFacts, guides, mayStart, show, showings } from "./exports";
import type { Showing } from "../types/kit";
import { chunks, onPage } from "../core/exports";
import { evaluate, type Rule } from "../rules/exports";

const element = (target: never): boolean => !!find(target);
const conditionsOf = (item: object): Rule | null | undefined => (item as { conditions?: Rule | null }).conditions;

/** The elements that a rule asks for. */
const targetsIn = (rule: object): Target[] =>
  Object.entries(rule).flatMap(([tag, operand]) => (tag === "element" ? [operand as Target] : operand && typeof operand === "object" ? targetsIn(operand as object) : []));

/** Keeps a guide idle until one of its items is for this person, or other guides are delivered. */
function waitForItem({ id, setIdle }: Showing<unknown>, isEveryItemExcluded: () => boolean): void {
  const entry = showings.get(id)!;
  const check = (): void => {
    const isHere = showings.get(id) === entry;
    const guide = guides.get(id);
    if (isHere && guide === entry.guide && isEveryItemExcluded()) return;
    stops.forEach((stop) => stop());
    if (!isHere) return;
    endShowing(id, true);
    if (guide && !mayStart(guide)) void show(guide, { mayFocus: true });
    else reschedule();
  };
  const stops = [onPage(check), onDomChange(check)];
  setIdle(true);
}

/** Adds isExcluded() to a showing; settles once the chunks that find its elements are loaded. */
export async function excludeItems(showing: Showing<unknown>): Promise<void> {
  const steps = (showing.body as { steps?: object[] }).steps ?? [];
  if (!steps.some(conditionsOf)) return;
  // the server has answered what it knows; what is left asks for the page and elements of it
  const isExcluded = (item: object): boolean => evaluate(conditionsOf(item), { ...ruleFacts(), element }) !== true;
  const { complete, emit } = showing;
  let isSeen = false;
  Object.assign(showing, {
    isExcluded,
    emit(...args) {
      isSeen = true;
      emit(...args);
    },
    // a guide of which no item was shown is not completed: it waits
    complete: () => (isSeen || !steps.every(isExcluded) ? complete() : waitForItem(showing, () => steps.every(isExcluded))),
  } satisfies Partial<Showing<unknown>>);
  const targets = steps.flatMap((step) => targetsIn(conditionsOf(step) ?? {}));
  for (const part of targets.some(({ by }) => by > "p") ? (["deep-find", "picked"] as const) : []) {
    targets.forEach((target) => find(target));
    await chunks.load(part);
  }
}
