/** Finds a picked element: by the fast match, else by score, else not at all, with the reason. */

import type { Fingerprint } from "bodies";
import type { MissReason, SearchOptions, MatchResult } from "../types/contracts";
import { rowOf } from "./selector";
import { classify } from "./classifier";
import { type SearchRoot, findSearchRoot, fastMatch } from "./fast-match";
import { FILLED, normalizeText, PRESSED, visible } from "./describe";
import { type PageSurvey, contextOf, judge, OWN, ownOf, pathFit, powers, rankFit, rate, TUNED, TWIN, type Value } from "./features";

export interface Measured {
  elements: Element[];
  values: Value[][];
  power: number[];
  /** How many of all look as much like it as the best. */
  now: number;
  /** How many of its sort, and of its twins, stand before and after each. */
  ranks: number[][];
  /** How many more of its sort, and of its twins, there are than there were; null where that was not kept or cannot be told. */
  extra: readonly [number, number] | null;
  /** Those of its sort that cannot be seen. */
  unseen: Element[];
}

const KEPT = 24;
export const LIKE = 0.75;

const FAMILIES = { pressed: PRESSED, filled: FILLED, other: "*" };
const NEVER = `${PRESSED},${FILLED},html,head,head *,body,svg *,script,style,option,br,handrail-root`;

export const familyOf = (element: Element): Fingerprint["role"] => (element.matches(PRESSED) ? "pressed" : element.matches(FILLED) ? "filled" : "other");

/** Everything of the same sort, whether it can be seen or not. */
function* sameFamily(fingerprint: Fingerprint, root: SearchRoot): Generator<Element> {
  for (const element of root.querySelectorAll(FAMILIES[fingerprint.role])) if (!(fingerprint.role === "other" && element.matches(NEVER))) yield element;
}

export const candidatesOf = (fingerprint: Fingerprint, root: SearchRoot): Element[] => [...sameFamily(fingerprint, root)].filter(visible);

/** Which families of features the page still has. */
export function surveyPage(fingerprint: Fingerprint, root: SearchRoot): PageSurvey {
  const pageText = normalizeText(("body" in root ? root.body : root).textContent);
  const has = (names: readonly string[]): boolean => !!names.length && !!root.querySelector(names.map((name) => "." + CSS.escape(name)).join());
  const names = Object.keys(fingerprint.classes);
  const knownWords = fingerprint.page_words.filter((word) => pageText.includes(word)).length;
  return {
    pageText,
    text: knownWords >= 0.3 * fingerprint.page_words.length,
    classes: has([...names, ...fingerprint.ancestors.flatMap((each) => each.split(".").slice(1))]),
    isIdInUse: !!fingerprint.id && !!root.getElementById(fingerprint.id),
    ids: !!fingerprint.ids.length && fingerprint.ids.filter((id) => root.getElementById(id)).length >= fingerprint.ids.length / 2,
    presentClasses: names.filter((name) => has([name])),
    votes: fingerprint.selectors.map((selector) => findOnly(selector, root)),
    numbers: new Map(),
  };
}

/** The one visible element that a selector finds. */
function findOnly(selector: string, root: ParentNode): Element | null {
  try {
    const found = [...root.querySelectorAll(selector)].filter(visible);
    return found.length === 1 ? found[0]! : null;
  } catch {
    return null;
  }
}

/** Measures the candidates; gives way after each few, so that it can be spread over time. */
export function* measure(fingerprint: Fingerprint, root: SearchRoot, survey = surveyPage(fingerprint, root), row = ""): Generator<void, Measured> {
  const power = powers(fingerprint, survey);
  const rated: { element: Element; own: Value[]; like: number; score: number; at: number; twins: number }[] = [];
  const unseen: Element[] = [];
  let turn = 0;
  for (const element of sameFamily(fingerprint, root)) {
    if (++turn % 32 === 0) yield;
    if (!visible(element)) unseen.push(element);
    if (unseen.at(-1) === element || (row && !normalizeText(rowOf(element)?.textContent).includes(row))) continue;
    const own = ownOf(fingerprint, element, survey);
    const like = rate(own, power, 0, OWN);
    rated.push({ element, own, like, score: like + (survey.votes.includes(element) ? 0.2 : 0), at: rated.length, twins: 0 });
  }
  const most = rated.reduce((so, { like }) => Math.max(so, like), -Infinity);
  let now = 0;
  for (const each of rated) {
    each.twins = now;
    if (each.like > most - TWIN) now++;
  }
  const rankOf = ({ at, twins, like }: (typeof rated)[0]): number[] => [at, rated.length - 1 - at, twins, now - twins - +(like > most - TWIN)];
  const [before = 0, after, twinsBefore = 0, twinsAfter = 0] = fingerprint.position;
  const extra = after === undefined || row ? null : ([rated.length - 1 - before - after, now - 1 - twinsBefore - twinsAfter] as const);
  const ranks = ({ at, twins }: (typeof rated)[0]): Value[] => (extra ? [rankFit(at, before, extra[0]), twinsBefore + twinsAfter! ? rankFit(twins, twinsBefore, extra[1]) : null] : []);
  // among many alike those stay in that stand where it stood
  if (rated.length > KEPT)
    for (const each of rated) {
      if (++turn % 32 === 0) yield;
      if (each.like > most - 0.1) each.score += pathFit(fingerprint, each.element, survey.numbers) / 10 + (ranks(each)[1] ?? 0) / 5;
    }
  rated.sort((a, b) => b.score - a.score);
  const best = rated.slice(0, KEPT);
  const rivals = best.filter(({ like }) => like > LIKE).map(({ element }) => element);
  const values: Value[][] = [];
  for (const each of best) {
    values.push([...each.own, ...contextOf(fingerprint, each.element, rivals, survey), ...ranks(each)]);
    yield;
  }
  return { elements: best.map(({ element }) => element), values, power, now, ranks: best.map(rankOf), extra, unseen };
}

export function* search(fingerprint: Fingerprint, root: SearchRoot, strict = 0, refined?: SearchOptions | null): Generator<void, MatchResult> {
  const survey = surveyPage(fingerprint, root);
  const power = powers(fingerprint, survey);
  const { row = "", nth = 0 } = refined ?? {};
  const { elements, values, now, extra, unseen } = yield* measure(fingerprint, root, survey, row);
  const own = (each: readonly Value[]): number => rate(each, power, 0, OWN);
  if (nth) {
    const most = Math.max(0, ...values.map(own));
    const alike = elements.filter((_, i) => own(values[i]!) > most - TWIN).sort((a, b) => (a.compareDocumentPosition(b) & 4 ? -1 : 1));
    return most < TUNED._least + strict || !alike[nth - 1] ? noMatch("no-candidate", most) : { ...noMatch("", most), element: alike[nth - 1]! };
  }
  // on a page without its words or classes everything has twins: their number says nothing then
  const counted = !row && survey.text && survey.classes ? now : fingerprint.duplicates[0];
  const judgedCase = { fingerprint: row ? ([counted, 0] as const) : fingerprint.duplicates, now: counted, power, candidates: values };
  const judged = judge(judgedCase, strict);
  const { best, ...verdict } = extra ? classify({ ...judgedCase, ...survey, extra, now }, judged, strict) : judged;
  if (!verdict.reason) return { ...verdict, element: elements[best]!, path: "scored" };
  for (const [turn, element] of unseen.entries()) {
    if (own(ownOf(fingerprint, element, survey)) > TUNED._sure) return noMatch("hidden", verdict.score);
    if (turn % 32 === 31) yield;
  }
  return { ...verdict, element: null, path: "scored" };
}

const noMatch = (reason: MissReason, score: number): MatchResult => ({ element: null, reason, score, margin: 0, path: "scored" });

/** What comes of a search that does not wait between its steps. */
export function runToEnd<Found>(steps: Generator<void, Found>): Found {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** All of it at once. */
export function resolve(fingerprint: Fingerprint): MatchResult {
  const root = findSearchRoot(fingerprint.roots);
  if (typeof root === "string") return noMatch(root, 0);
  const element = fastMatch(fingerprint, root);
  if (element) return { element, reason: "", score: 1, margin: 1, path: "fast" };
  return runToEnd(search(fingerprint, root));
}
