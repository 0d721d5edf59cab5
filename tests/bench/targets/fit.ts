/** Fits the odds on what the benchmark wrote down (--vectors): prints what each family gets from weights fitted on the others, then weights fitted on all. */

import { readFileSync } from "node:fs";
import { CLASSIFIER, classifierFeatures, classify } from "../../../embed/src/target/classifier";
import { judge, powers } from "../../../embed/src/target/features";
import type { Seen } from "./seen";

interface Trained extends Seen {
  given: Parameters<typeof classify>[0];
  verdict: Parameters<typeof classify>[1];
  ones: number[][];
  none: number[];
}
type Weights = typeof CLASSIFIER;

/** What was taken away counts so often: a wrong answer there is the worst one. */
const GONE = 2;
const ROUNDS = 500;
const PULL = 1e-4;

const seen: Trained[] = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Seen[]).filter(({ more }) => more).map(prepared);

function prepared(each: Seen): Trained {
  const { fingerprint, around, values, twins, now, more } = { fingerprint: each.twins, ...each };
  const given = { fingerprint, now, extra: more!, power: powers(each, around), candidates: values, text: around.text, ids: around.ids };
  const verdict = judge({ ...given, now: around.text && around.classes ? now : twins[0] });
  return { ...each, given, verdict, ...classifierFeatures(given, verdict) };
}

/** Softmax over the candidates and none, by gradient (Adam). */
function fitted(cases: readonly Trained[]): Weights {
  const size = CLASSIFIER.one.length;
  const w = [...CLASSIFIER.one, ...CLASSIFIER.none].map(() => 0);
  const [m, v] = [w.map(() => 0), w.map(() => 0)];
  const able = cases.filter(({ right, gone }) => right >= 0 || gone);
  const total = able.reduce((all, { gone }) => all + (gone ? GONE : 1), 0);
  for (let round = 1; round <= ROUNDS; round++) {
    const slope = w.map((each) => 2 * PULL * each * total);
    for (const { ones, none, right, gone } of able) climb(slope, w, size, ones, none, gone ? -1 : right, gone ? GONE : 1);
    w.forEach((_, k) => {
      const g = slope[k]! / total;
      m[k] = 0.9 * m[k]! + 0.1 * g;
      v[k] = 0.99 * v[k]! + 0.01 * g * g;
      const pace = 0.1 * (1 - round / (ROUNDS + 1));
      w[k]! -= (pace * (m[k]! / (1 - 0.9 ** round))) / (Math.sqrt(v[k]! / (1 - 0.99 ** round)) + 1e-8);
    });
  }
  return { one: w.slice(0, size), none: w.slice(size) };
}

function climb(slope: number[], w: readonly number[], size: number, ones: readonly number[][], none: readonly number[], right: number, weight: number): void {
  const odds = ones.map((one) => Math.exp(one.reduce((all, value, k) => all + value * w[k]!, 0)));
  const nobody = Math.exp(none.reduce((all, value, k) => all + value * w[size + k]!, 0));
  const whole = odds.reduce((all, each) => all + each, nobody);
  ones.forEach((one, i) => {
    const pull = weight * (odds[i]! / whole - +(i === right));
    one.forEach((value, k) => (slope[k]! += pull * value));
  });
  const pull = weight * (nobody / whole - +(right < 0));
  none.forEach((value, k) => (slope[size + k]! += pull * value));
}

/** Counts by operator what these weights answer. */
function judged(cases: readonly Trained[], weights: Weights, counts: Map<string, [number, number, number]>): void {
  Object.assign(CLASSIFIER, weights);
  for (const { operator, family, gone, right, given, verdict } of cases) {
    const { best, reason } = classify(given, verdict);
    const found = reason ? -1 : best;
    const isRight = gone ? found < 0 : found >= 0 && found === right;
    for (const name of [operator, family, "all"]) {
      const count = counts.get(name) ?? [0, 0, 0];
      counts.set(name, [count[0] + +isRight, count[1] + +(!isRight && found >= 0), count[2] + 1]);
    }
  }
}

const counts = new Map<string, [number, number, number]>();
for (const family of new Set(seen.map((each) => each.family)))
  judged(
    seen.filter((each) => each.family === family),
    fitted(seen.filter((each) => each.family !== family)),
    counts,
  );
for (const [name, [right, wrong, all]] of counts) console.log(name.padEnd(44), ((100 * right) / all).toFixed(1), "/", ((100 * wrong) / all).toFixed(1));
const { one, none } = fitted(seen);
const short = (weights: number[]): number[] => weights.map((each) => Math.round(each * 100) / 100);
console.log(JSON.stringify({ one: short(one), none: short(none) }));
