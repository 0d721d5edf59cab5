/** Compares elements with what was captured, and judges: pure numbers, the page is read elsewhere. */

import type { Fingerprint } from "bodies";
import type { MissReason } from "../types/contracts";
import { ancestorsOf, neighborsOf, summaryOf, normalizeText, headingOf, labelOf, type Numbers, pathOf, signOf, soleChildRoot, textOf, words, attributeText } from "./describe";

/** How many features there are: own ones (tag id test name text label spoken leading other classes sign), then those around (near heading above beside path vote); two that are only weighed, rank and order, follow. */
export const ALL = 17;
export const OWN = 11;
const OF_TEXT = [4, 5, 6, 11, 12];

export interface PageSurvey {
  /** Families of features that this page still has. */
  text: boolean;
  classes: boolean;
  /** Is this still the id of something? */
  isIdInUse: boolean;
  /** Are other ids of the page still there? */
  ids: boolean;
  /** Of its classes those that are still on the page. */
  presentClasses: readonly string[];
  /** Everything said on the page, folded. */
  pageText: string;
  /** For each selector that finds just one. */
  votes: readonly (Element | null)[];
  numbers: Numbers;
}

/** What a feature says of an element, from -1, contradicts, to 1, the same; null where nothing can be said. */
export type Value = number | null;

/** Of two texts the share of words that both have; -1 when there is none. */
export function alike(captured: string, now: string): number {
  if (captured === now) return captured ? 1 : 0;
  if (!captured || !now) return captured ? -0.7 : 0;
  const [a, b] = [words(captured), words(now)];
  const shared = a.filter((word) => b.includes(word)).length;
  return (2 * shared) / (a.length + b.length || 1) || -1;
}

/** Attributes of one feature: the share that is equal; or, once one is different, the share that is. */
function attributes(fingerprint: Fingerprint, element: Element, feature: number): number {
  let all = 0;
  let agree = 0;
  let differ = 0;
  for (const [name, [of, had]] of Object.entries(fingerprint.attributes)) {
    if (of !== feature) continue;
    const has = attributeText(name, element.getAttribute(name));
    all++;
    if (has === had) agree++;
    else if (has && (has.startsWith(had) || had.startsWith(has))) agree += 0.6;
    // what only points at an id may have been generated anew with it
    else if (has && had[0] !== "#" && name !== "for") differ++;
  }
  return all && (differ ? -differ : agree) / all;
}

/** The share of classes that it has, less those that only others have now. */
function classes(fingerprint: Fingerprint, element: Element, survey: PageSurvey): number {
  let sum = 0;
  let most = 0;
  for (const [name, weight] of Object.entries(fingerprint.classes)) {
    most += weight;
    sum += element.classList.contains(name) ? weight : survey.presentClasses.includes(name) ? -weight : 0;
  }
  return most ? sum / most : 0;
}

function sign(fingerprint: Fingerprint, element: Element): number {
  const now = fingerprint.icon && signOf(element);
  return now ? (` ${now} `.includes(` ${fingerprint.icon} `) ? 1 : -1) : 0;
}

export function ownOf(fingerprint: Fingerprint, element: Element, survey: PageSurvey): Value[] {
  const of = (feature: number): number => attributes(fingerprint, element, feature);
  return [
    element.localName === fingerprint.tag ? 1 : 0,
    element.id === fingerprint.id ? 1 : survey.isIdInUse ? -+!!element.id : survey.ids ? 0 : null,
    of(2),
    of(3),
    alike(fingerprint.text, textOf(element)),
    fingerprint.label ? alike(fingerprint.label, labelOf(element)) : 0,
    of(6),
    of(7),
    of(8),
    classes(fingerprint, element, survey),
    sign(fingerprint, element),
  ];
}

/** What an element stands in, in short: its tag and its lasting names. */
const fits = (captured: string, element: Element, survey: PageSurvey): number => {
  const [tag, ...names] = captured.split(".");
  if (!names.length || !survey.classes) return tag === element.localName ? 1 : 0;
  const kept = names.filter((name) => element.classList.contains(name)).length / names.length;
  return (tag === element.localName ? 0.4 : 0) + 0.6 * kept;
};

/** What it stands in, in the same order; a box more or less costs little. */
function aboveOf(fingerprint: Fingerprint, element: Element, survey: PageSurvey): Value {
  const ups = [...ancestorsOf(element, 14)];
  let at = 0;
  let sum = 0;
  let most = 0;
  fingerprint.ancestors.forEach((captured, i) => {
    const weight = 1 / (1 + i / 3);
    most += weight;
    let best = 0;
    let where = -1;
    for (let j = at; j < Math.min(ups.length, at + 4); j++) {
      const fit = fits(captured, ups[j]!, survey) - (j - at) * 0.05;
      if (fit > best) [best, where] = [fit, j];
    }
    if (best < 0.35) return;
    at = where + 1;
    sum += weight * best;
  });
  return most ? sum / most : null;
}

/** Its neighbours: still there on both sides, or is it one of them that slid into its place? */
function beside(fingerprint: Fingerprint, element: Element, survey: PageSurvey): Value {
  const now = neighborsOf(element);
  const captured = fingerprint.siblings;
  const tag = (each: string | undefined): string => each?.split(/[:=]/)[0] ?? "";
  if (!survey.text) return now.reduce((sum, each, i) => sum + (tag(each) === tag(captured[i]) ? 0.25 : 0), 0);
  if ([summaryOf(element), summaryOf(soleChildRoot(element))].some((own) => own !== captured[4] && captured.slice(0, 4).includes(own))) return -1;
  const side = (near: number, far: number): Value => {
    const [hadSummary, has] = [captured[near]!, now[near]!];
    if (hadSummary === has) return hadSummary || tag(captured[4]) === soleChildRoot(element).localName ? 1 : 0.5;
    if (has && (has === captured[far] || now[far] === hadSummary)) return 0.6;
    return hadSummary.includes(":") && !survey.pageText.includes(hadSummary.split(":")[1]!) ? null : 0;
  };
  const sides = [side(1, 0), side(2, 3)].filter((value) => value !== null);
  const isPlain = captured[1] === captured[4] || captured[2] === captured[4] || !(captured[1] || captured[2]);
  return sides.length ? Math.min(isPlain ? 0.95 : 1, sides.reduce((sum, value) => sum + value, 0) / sides.length) : null;
}

export function pathFit(fingerprint: Fingerprint, element: Element, numbers: Numbers): number {
  const now = pathOf(element, 14, numbers);
  // as many as both have in this order: a box more moves the rest, and changes nothing else
  let row = Array<number>(now.length + 1).fill(0);
  for (const had of fingerprint.path) {
    const next = [0];
    now.forEach((has, j) => next.push(had === has ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)));
    row = next;
  }
  return row[now.length]! / Math.max(fingerprint.path.length, 1);
}

/** The part of the page that an element has to itself: as far up as none of the others is in it, and no farther than it reached. */
export function regionOf(element: Element, others: readonly Element[], reach = 10): Element {
  let region = element;
  for (const up of ancestorsOf(element, reach)) {
    if (others.some((other) => other !== element && up.contains(other) && !other.contains(element) && !element.contains(other)) || (up.textContent ?? "").length > 20_000) break;
    region = up;
  }
  return region;
}

/** Words that stood in its own part of the page: in this one's part, or elsewhere now. */
function near(fingerprint: Fingerprint, element: Element, rivals: readonly Element[], survey: PageSurvey): Value {
  const there = fingerprint.nearby_text.filter((word) => survey.pageText.includes(word));
  const region = regionOf(element, rivals, fingerprint.nearby_depth + 1);
  if (!there.length || there.length < fingerprint.nearby_text.length / 3 || region === element) return null;
  const here = new Set(words(normalizeText(region.textContent)));
  const share = there.filter((word) => here.has(word)).length / there.length;
  return share < 0.2 ? -1 : share;
}

/** How many come before it, beside how many did, while there are so many more: what was put in or taken out may move it by as many. */
export function rankFit(before: number, rankBefore: number, extra: number): number {
  const shift = before - rankBefore;
  if (!extra) return Math.max(0, 1 - Math.abs(shift) / 2);
  return shift === 0 || shift === extra ? 0.5 : extra > 0 && shift > 0 && shift < extra ? 0.25 : 0;
}

export function contextOf(fingerprint: Fingerprint, element: Element, rivals: readonly Element[], survey: PageSurvey): Value[] {
  const votes = survey.votes.filter(Boolean);
  return [
    near(fingerprint, element, rivals, survey),
    fingerprint.heading && survey.pageText.includes(fingerprint.heading) ? alike(fingerprint.heading, headingOf(element)) : null,
    aboveOf(fingerprint, element, survey),
    beside(fingerprint, element, survey),
    pathFit(fingerprint, element, survey.numbers),
    votes.length ? votes.filter((vote) => vote === element).length / votes.length : null,
  ];
}

// the judge

/** Found by tuning on the families that the benchmark names for it. */
export const TUNED = {
  _weights: [4, 48, 26, 14, 20, 3, 16, 9.6, 8, 12.8, 12, 8, 12.8, 13, 12, 12, 6],
  _costs: [0, 8, 8, 6, 4, 4, 5, 14, 8, 6, 2.8, 12, 1.2, 0, 14, 0, 0],
  /** The least score, and the least of its own features alone unless its neighbours are both where they were. */
  _least: 0.68,
  _own: 0.12,
  _slot: 0.79,
  _edge: 0.6,
  _placed: 0.95,
  /** As many twins as there were, and the surroundings as they were: then the number among them counts. */
  _still: 0.95,
  /** How far ahead of the next one. */
  _margin: 0.12,
  /** What counts as looking the same, and how much better its surroundings must be then. */
  _like: 0.12,
  _apart: 0.1,
  _context: 0.55,
  /** With fewer or more of its twins than there were: how sure its surroundings must be. */
  _counted: 0.95,
  /** So much power, so nearly all of it, so far ahead of all others: then the surroundings do not matter. */
  _strong: 10.5,
  _sure: 0.95,
  _alone: 0.05,
  /** In its old place: how little it may look like itself, and how much another one may. */
  _stranger: -0.25,
  _home: 0.9,
};
export type Tuned = typeof TUNED;

/** Which features count on this page, by how much each told it apart. */
export function powers(fingerprint: Pick<Fingerprint, "weights">, survey: Pick<PageSurvey, "text" | "classes">): number[] {
  return Array.from(fingerprint.weights, (digit, k) => ((k === 9 || k === 10 ? survey.classes : !OF_TEXT.includes(k) || survey.text) ? (+digit / 9) * TUNED._weights[k]! : 0));
}

/** From -∞ to 1: how much of what is known holds, less what contradicts; for some of the features or all. */
export function rate(values: readonly Value[], power: readonly number[], from = 0, until: number = ALL): number {
  let sum = 0;
  let most = 0.001;
  for (let k = from; k < until; k++) {
    const value = values[k]!;
    if (value === null || !power[k]) continue;
    most += power[k]!;
    sum += value > 0 ? power[k]! * value : TUNED._costs[k]! * value;
  }
  return sum / most;
}

export interface Verdict {
  best: number;
  score: number;
  margin: number;
  reason: MissReason;
}

export const NEAR = 11;
export const BESIDE = 14;
const PATH = 15;
/** What differs less than this is the same to us. */
export const TWIN = 0.04;

interface Rated {
  i: number;
  values: readonly Value[];
  score: number;
  own: number;
  context: number;
}

export interface JudgedCase {
  /** Twins as captured, and as many as there are now. */
  fingerprint: Readonly<Fingerprint["duplicates"]>;
  now: number;
  power: readonly number[];
  candidates: readonly (readonly Value[])[];
}

/** The best of the candidates if it is good enough, and clearly better than whatever looks the same. */
export function judge(judged: JudgedCase, strict = 0): Verdict {
  const { fingerprint, power, candidates } = judged;
  const rated = candidates.map((values, i) => ({ i, values, score: rate(values, power, 0, ALL), own: rate(values, power, 0, OWN), context: rate(values, power, OWN, ALL) }));
  rated.sort((a, b) => b.score - a.score);
  const sure = (fingerprint[0] < 2 && unmistakable(rated, power)) || inOldPlace(rated);
  const first = sure || rated[0];
  if (!first) return { best: -1, score: 0, margin: 0, reason: "no-candidate" };
  const margin = first.score - Math.max(0, rated.find((each) => each !== first)?.score ?? 0);
  return { best: first.i, score: sure ? Math.max(first.own, first.context) : first.score, margin, reason: sure ? "" : reasonToDoubt(first, margin, rated, judged, strict) };
}

/** What itself has all that was captured, and nothing else has much of it, may stand anywhere. */
function unmistakable(rated: readonly Rated[], power: readonly number[]): Rated | undefined {
  const strength = power.slice(0, OWN).reduce((sum, each) => sum + each, 0);
  const [first, second] = [...rated].sort((a, b) => b.own - a.own);
  return first && strength >= TUNED._strong && first.own >= TUNED._sure && first.own - (second?.own ?? 0) >= TUNED._alone ? first : undefined;
}

/** The id, what is there for tests, the name, and where it leads. */
const NAMING = [1, 2, 3, 7];

/** In its very place, between the neighbours it had, and nothing elsewhere that looks as it did: then it may say something else. */
function inOldPlace(rated: readonly Rated[]): Rated | undefined {
  const first = rated.find(({ values, context }) => values[PATH] === 1 && context >= TUNED._placed && (values[BESIDE] === 1 || (values[NEAR] === 1 && values[BESIDE]! >= 0.95)));
  return first && first.own > TUNED._stranger && NAMING.every((k) => (first.values[k] ?? 0) >= 0) && rated.every((each) => each === first || each.own < TUNED._home) ? first : undefined;
}

function reasonToDoubt(first: Rated, margin: number, rated: readonly Rated[], { fingerprint, now, power }: JudgedCase, strict: number): MissReason {
  const beside = first.values[BESIDE] ?? 0;
  const isHeld = beside >= TUNED._slot || (beside >= TUNED._edge && first.context >= TUNED._placed);
  if (first.score < TUNED._least + strict || (first.own < TUNED._own && !isHeld)) return "below-threshold";
  const isStill = margin > 0.01 && now === fingerprint[0] && first.values[PATH] === 1 && first.context >= TUNED._still && first.own > 0.9 && beside >= TUNED._edge;
  if (isStill || fingerprint[1]) return isStill ? "" : "ambiguous";
  const likes = rated.filter((each) => each !== first && each.own > first.own - TUNED._like);
  if (margin < TUNED._margin || (likes.length && (first.context < TUNED._context || likes.some((each) => first.context - each.context < TUNED._apart)))) return "ambiguous";
  const isPlaced = power[NEAR] && (first.values[NEAR] ?? 0) > 0.5;
  const isCounted = now === fingerprint[0] || isPlaced || (first.context >= TUNED._counted && !likes.some((each) => standsLike(each.values, first.values)));
  return isCounted ? "" : "ambiguous";
}

/** It stands in the same surroundings, but for its number among others. */
export const standsLike = (one: readonly Value[], first: readonly Value[]): boolean => first.every((value, k) => k < NEAR || k > BESIDE || (one[k] ?? 1) > (value ?? 0) - 0.1);
