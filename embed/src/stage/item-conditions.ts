/** Excludes steps whose conditions do not hold: they are neither shown nor counted. */

import type { Target } from "bodies";
import { onDomChange, find } from "../target/exports";
import "../rules/page-conditions";
import { reschedule, endShowing, ruleFacts, guides, mayStart, show, showings } from "./exports";
import type { Showing } from "../types/kit";
import { chunks, onPage } from "../core/exports";
import { evaluate } from "../rules/exports";

/** A condition the server could not evaluate: on the page or an element. */
interface ItemCondition {
  by: string;
  op: string;
  page?: string;
  element?: Target;
}

const element = (target: never): boolean => !!find(target);

function holds({ by, op, page, element: target }: ItemCondition): boolean {
  const here = { ...ruleFacts(), element };
  const answer = evaluate({ [by]: by === "page" ? page : target }, here);
  return typeof answer === "boolean" && answer === (op === "is");
}

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
  const conditionsOf = (item: object): ItemCondition[] => (item as { only?: ItemCondition[] }).only ?? [];
  const steps = (showing.body as { steps?: object[] }).steps ?? [];
  if (!steps.some((step) => conditionsOf(step)[0])) return;
  const isExcluded = (item: object): boolean => !conditionsOf(item).every(holds);
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
  const targets = steps.flatMap(conditionsOf).flatMap(({ element }) => element ?? []);
  for (const part of targets.some(({ by }) => by > "p") ? (["deep-find", "picked"] as const) : []) {
    targets.forEach((target) => find(target));
    await chunks.load(part);
  }
}
