/** A logistic classifier: how likely each candidate, or none, is the picked element. Pure numbers. */

import { BESIDE, type JudgedCase, OWN, rate, standsLike, TUNED, TWIN, type Value, type Verdict } from "./features";

export interface Counted extends JudgedCase {
  /** How many more of its sort there are than there were, and how many more of its twins. */
  extra: readonly [number, number];
  text: boolean;
  /** Are other ids of the page still there? */
  ids: boolean;
}

/** Fitted with `tests/bench/targets/fit.ts` on the families that the benchmark names for tuning: for one, and for none of them. */
export const CLASSIFIER = {
  one: [1.38, 1.74, 0.85, 0.42, 1.51, 1.08, -1.36, -1.1, -1.78, -1.56, 0.96, 1.25, 1.16, 1.16, 4.37, 2.3, 2.76, 1.23, 1.07, 0.75, 1.43, -0.7, 0.83],
  none: [3.69, 0.35, 2.33, 0.95, -0.71, -2.32, -0.51, -1.77, 2.39],
};
/** How sure it must be. */
const SURE = 0.66;
/** How little of its own an element has that is known by its place alone, and how much less sure it must be when the judge takes it too. */
const BARE = 0.5;
const AGREED = 0.4;

const [TEXT, ABOVE, PATH, VOTE, RANK, ORDER] = [4, 13, 15, 16, 17, 18];

/** What speaks for each of the candidates, and for none. */
export function classifierFeatures({ fingerprint, now, extra, power, candidates, text, ids }: Counted, { best, reason }: Pick<Verdict, "best" | "reason">): { ones: number[][]; none: number[] } {
  const share = (k: number): number => power[k]! / TUNED._weights[k]!;
  const part = (values: readonly Value[], from?: number, until?: number): number => Math.max(-1, rate(values, power, from, until));
  const all = candidates.map((values) => ({ values, own: part(values, 0, OWN), context: part(values, OWN), score: part(values) }));
  const isStill = +!extra[0];
  const ones = all.map((one, i) => {
    const { values, own, context, score } = one;
    const of = (k: number): number => values[k] ?? 0;
    const rivals = all.filter((each) => each !== one && each.own > own - TUNED._like);
    const twinned = +!!rivals[0];
    const isSame = +(of(RANK) === 1) * isStill;
    const accepted = +(i === best && !reason);
    return [
      own,
      own * Math.abs(own),
      context * Math.abs(context),
      own * context,
      score,
      twinned && context - Math.max(0, ...rivals.map((each) => each.context)),
      twinned,
      +(of(BESIDE) > 0.95),
      +(of(BESIDE) < 0),
      of(PATH),
      of(VOTE),
      of(ABOVE),
      of(RANK) * isStill,
      isSame,
      of(RANK) * (1 - isStill),
      extra[1] ? 0 : of(ORDER),
      extra[1] ? of(ORDER) : 0,
      isSame * twinned,
      Math.max(0, of(TEXT)) * share(TEXT),
      Math.min(0, of(TEXT)) * share(TEXT),
      accepted,
      +(i === best && !!reason),
      accepted * twinned,
    ];
  });
  const strength = power.slice(0, OWN).reduce((sum, _, k) => sum + share(k), 0);
  return { ones, none: [1, strength, +text, Math.log(Math.max(1, fingerprint[0])), Math.log(Math.max(1, now)), +!extra[1], +ids, isStill, +(extra[0] === -1)] };
}

const sum = (values: readonly number[], weights: readonly number[]): number => values.reduce((total, value, k) => total + value * weights[k]!, 0);

/** The most likely one if that is likely enough; else whether one like it or none is the next likely. */
export function classify(counted: Counted, verdict: Verdict, strict = 0): Verdict {
  const { candidates, extra } = counted;
  const { ones, none } = classifierFeatures(counted, verdict);
  const scores = ones.map((one) => Math.exp(sum(one, CLASSIFIER.one)));
  const noneScore = Math.exp(sum(none, CLASSIFIER.none));
  const total = scores.reduce((total, each) => total + each, noneScore);
  const highest = Math.max(...scores);
  const best = scores.indexOf(highest);
  if (best < 0) return verdict;
  const rate = (i: number): number => ones[i]![4]!;
  const margin = rate(best) - Math.max(0, ...ones.filter((_, i) => i !== best).map((one) => one[4]!));
  const own = (i: number): number => ones[i]![0]!;
  // a bare box is known by its place alone: there the judge counts for more
  const isAgreed = none[1]! < BARE && !verdict.reason && best === verdict.best;
  // others stand just as it does, and there are more or fewer than there were: nobody could tell
  const isBlind = !isAgreed && extra[0] && extra[1] && candidates.some((each, i) => i !== best && own(i) > own(best) - TWIN && standsLike(each, candidates[best]!));
  const reason = isBlind ? "ambiguous" : highest / total >= SURE + strict - (isAgreed ? AGREED : 0) ? "" : 2 * noneScore > total - highest ? "below-threshold" : "ambiguous";
  return { best, score: rate(best), margin, reason };
}
