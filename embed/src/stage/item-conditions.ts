/** Steps that are only for some people, or where the page is so: the rest are passed over and not counted. */

import type { Target } from "bodies";
import { onDomChange, find } from "../target/exports";
import "../rules/page-conditions";
import { reschedule, endShowing, ruleFacts, guides, mayStart, show, showings } from "./exports";
import type { Showing } from "../types/kit";
import { chunks, onPage } from "../core/exports";
import { evaluate } from "../rules/exports";

/** The server has taken out what it knows to hold; of what it left, only a page and an element can be answered here. */
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

/** It begins once one of its steps is for this person, or others are meant by now. */
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

/** Settled when every element that is asked for can be looked for. */
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
    // of what nobody saw, nobody is done: it rests until it is for this person
    complete: () => (isSeen || !steps.every(isExcluded) ? complete() : waitForItem(showing, () => steps.every(isExcluded))),
  } satisfies Partial<Showing<unknown>>);
  const targets = steps.flatMap(conditionsOf).flatMap(({ element }) => element ?? []);
  for (const part of targets.some(({ by }) => by > "p") ? (["deep-find", "picked"] as const) : []) {
    targets.forEach((target) => find(target));
    await chunks.load(part);
  }
}
