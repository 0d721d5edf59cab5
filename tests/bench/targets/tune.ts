/** Tunes the judge on what the benchmark wrote down (--vectors), by changing one number at a time; prints what to put into score.ts. */

import { readFileSync } from "node:fs";
import { judge, powers, TUNED, type Tuned } from "../../../embed/src/target/features";
import { Chance } from "./page/chance";
import type { Seen } from "./seen";

type Count = { right: number; wrong: number; all: number };

/** A wrong answer costs as much as so many that were not given; more where the goals are stricter. */
const COST = 4;
const STRICTER: Record<string, number> = { removed: 6, "removed-redesign": 6, "move-region": 6 };

const seen: Seen[] = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, "utf8")) as Seen[]);

function count(tuned: Tuned): Map<string, Count> {
  Object.assign(TUNED, tuned);
  const counts = new Map<string, Count>();
  for (const each of seen) {
    const verdict = judge({ fingerprint: each.twins, now: each.around.text && each.around.classes ? each.now : each.twins[0], power: powers(each, each.around), candidates: each.values });
    const found = verdict.reason ? -1 : verdict.best;
    const of = counts.get(each.operator) ?? { right: 0, wrong: 0, all: 0 };
    counts.set(each.operator, of);
    of.all++;
    if (each.gone ? found < 0 : found >= 0 && found === each.right) of.right++;
    else if (found >= 0) of.wrong++;
  }
  return counts;
}

function worth(tuned: Tuned): number {
  const counts = [...count(tuned)];
  const sum = counts.reduce((total, [operator, { right, wrong }]) => total + right - (STRICTER[operator] ?? COST) * wrong, 0);
  const size = [...tuned._weights, ...tuned._costs].reduce((total, each, k) => total + Math.abs(Math.log((each + 1) / (([...FIRST._weights, ...FIRST._costs][k] ?? 0) + 1))), 0);
  return sum / seen.length - 0.00002 * size;
}

const FIRST = structuredClone(TUNED);
const chance = new Chance("tune");
let best = structuredClone(TUNED);
let height = worth(best);

/** Try one number a little higher and lower; keep what is better. */
function turn(change: (tuned: Tuned, by: number) => void): void {
  for (const by of [1.25, 0.8, 1.6, 0.5]) {
    const tried = structuredClone(best);
    change(tried, by);
    const now = worth(tried);
    if (now > height + 1e-9) [best, height] = [tried, now];
  }
}

const turns: ((tuned: Tuned, by: number) => void)[] = [];
TUNED._weights.forEach((_, k) => turns.push((tuned, by) => (tuned._weights[k] = Math.round(tuned._weights[k]! * by * 10) / 10)));
TUNED._costs.forEach((_, k) => turns.push((tuned, by) => (tuned._costs[k] = Math.round((tuned._costs[k]! || 1) * by * 10) / 10)));
for (const name of ["_least", "_own", "_slot", "_edge", "_margin", "_like", "_apart", "_context", "_counted", "_strong", "_alone"] as const)
  turns.push((tuned, by) => (tuned[name] = Math.round(tuned[name] * (1 + (by - 1) / (tuned[name] > 0.5 ? 4 : 1)) * 1000) / 1000));

const rounds = 3;
for (let round = 0; round < rounds; round++) {
  const before = height;
  for (const change of chance.shuffled(turns)) turn(change);
  console.error(`round ${round + 1}: ${height.toFixed(4)}`);
  if (height - before < 1e-5) break;
}
for (const [operator, { right, wrong, all }] of count(best)) console.log(operator.padEnd(18), ((100 * right) / all).toFixed(1), "/", ((100 * wrong) / all).toFixed(1));
const total = [...count(best).values()].reduce((sum, each) => ({ right: sum.right + each.right, wrong: sum.wrong + each.wrong, all: sum.all + each.all }));
console.log("all".padEnd(18), ((100 * total.right) / total.all).toFixed(2), "/", ((100 * total.wrong) / total.all).toFixed(2));
console.log(JSON.stringify(best));
