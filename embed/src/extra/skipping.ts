/** Steps that are only for some people, or where the page is so: the rest are passed over and not counted. */

import type { Target } from "bodies";
import { find } from "../anchor/shared";
import "../senses";
import { facts } from "../kit/shared";
import type { Showing } from "../kit/types";
import { files, settle } from "../shared";

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
    complete: () => (isSeen || !steps.every(skips) ? complete() : showing.rest(true)),
  } satisfies Partial<Showing<unknown>>);
  const targets = steps.flatMap(asked).flatMap(({ element }) => element ?? []);
  for (const part of targets.some(({ by }) => by > "p") ? ["finder", "picked"] : []) {
    targets.forEach((target) => find(target));
    await files.load(part);
  }
}
