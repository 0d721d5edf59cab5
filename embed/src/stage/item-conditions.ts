/** Steps that are only for some people, or where the page is so: the rest are passed over and not counted. */

import type { Target } from "bodies";
import { changes, find } from "../target/exports";
import "../rules/page-conditions";
import { ask, end, facts, guides, mayStart, show, shown } from "./exports";
import type { Showing } from "../types/kit";
import { files, onPage } from "../core/exports";
import { settle } from "../rules/exports";

/** The server has taken out what it knows to hold; of what it left, only a page and an element can be answered here. */
interface Asked {
  by: string;
  op: string;
  page?: string;
  element?: Target;
}

const element = (target: never): boolean => !!find(target);

function holds({ by, op, page, element: target }: Asked): boolean {
  const here = { ...facts(), element };
  const answer = settle({ [by]: by === "page" ? page : target }, here);
  return typeof answer === "boolean" && answer === (op === "is");
}

/** It begins once one of its steps is for this person, or others are meant by now. */
function wait({ id, rest }: Showing<unknown>, isNobodys: () => boolean): void {
  const entry = shown.get(id)!;
  const look = (): void => {
    const isHere = shown.get(id) === entry;
    const guide = guides.get(id);
    if (isHere && guide === entry.guide && isNobodys()) return;
    stops.forEach((stop) => stop());
    if (!isHere) return;
    end(id, true);
    if (guide && !mayStart(guide)) void show(guide, { asked: true });
    else ask();
  };
  const stops = [onPage(look), changes(look)];
  rest(true);
}

/** Settled when every element that is asked for can be looked for. */
export async function skipping(showing: Showing<unknown>): Promise<void> {
  const asked = (item: object): Asked[] => (item as { only?: Asked[] }).only ?? [];
  const steps = (showing.body as { steps?: object[] }).steps ?? [];
  if (!steps.some((step) => asked(step)[0])) return;
  const skips = (item: object): boolean => !asked(item).every(holds);
  const { complete, emit } = showing;
  let isSeen = false;
  Object.assign(showing, {
    skips,
    emit(...said) {
      isSeen = true;
      emit(...said);
    },
    // of what nobody saw, nobody is done: it rests until it is for this person
    complete: () => (isSeen || !steps.every(skips) ? complete() : wait(showing, () => steps.every(skips))),
  } satisfies Partial<Showing<unknown>>);
  const targets = steps.flatMap(asked).flatMap(({ element }) => element ?? []);
  for (const part of targets.some(({ by }) => by > "p") ? (["deep-find", "picked"] as const) : []) {
    targets.forEach((target) => find(target));
    await files.load(part);
  }
}
