import assert from "node:assert/strict";
import { test } from "node:test";
import { normalizeText, words } from "../../embed/src/target/describe";
import { ALL, alike, judge, OWN, rate, type Value } from "../../embed/src/target/features";

const power = Array.from({ length: ALL }, () => 10);
/** All features the same, but for those named. */
const like = (but: Record<number, Value> = {}, all: Value = 1): Value[] => Array.from({ length: ALL }, (_, k) => (k in but ? but[k]! : all));
const decide = (candidates: Value[][], twins: [number, number] = [1, 0], now = 1): string => {
  const { best, reason } = judge({ fingerprint: twins, now, power, candidates });
  return reason || String(best);
};

test("numbers in what is said do not count", () => {
  assert.equal(normalizeText("  Inbox\n (12)  "), normalizeText("inbox (3)"));
  assert.equal(normalizeText("1,204.50 open"), "# open");
  assert.deepEqual(words("crème brûlée — 顧客"), ["crème", "brûlée", "顧客"]);
});

test("texts are alike by the words they share", () => {
  assert.equal(alike("save order", "save order"), 1);
  assert.equal(alike("save order", "save draft"), 0.5);
  assert.equal(alike("save", "cancel"), -1);
  assert.ok(alike("save", "") < 0);
  assert.equal(alike("", "save"), 0);
});

test("what contradicts takes away, and what is unknown does not count", () => {
  assert.ok(rate(like(), power) > 0.99);
  assert.ok(rate(like({ 4: null, 11: null }), power) > 0.99);
  assert.ok(rate(like({ 4: -1 }), power) < rate(like({ 4: 0 }), power));
});

test("without a candidate there is none", () => assert.equal(decide([]), "no-candidate"));

test("the one that is like it is chosen among others", () => assert.equal(decide([like({}, 0), like()]), "1"));

test("what has little in common is refused", () => assert.equal(decide([like({ 0: 1 }, 0)]), "below-threshold"));

test("of two that are the same in all that is known neither is chosen", () => assert.equal(decide([like(), like()], [2, 0], 2), "ambiguous"));

test("a twin in other surroundings is told apart", () => {
  const elsewhere = like(Object.fromEntries(Array.from({ length: ALL - OWN }, (_, k) => [OWN + k, 0])));
  assert.equal(decide([elsewhere, like()], [2, 0], 2), "1");
});

test("twins without any difference count by their place, as long as nothing moved", () => {
  const other = like({ 15: 0.6, 16: 0 });
  assert.equal(decide([like(), other], [2, 1], 2), "0");
  assert.equal(decide([like({ 15: 0.9 }), other], [2, 1], 2), "ambiguous");
  assert.equal(decide([like(), other], [2, 1], 3), "ambiguous");
});

test("in its old place it may say something else, unless another one looks as it did", () => {
  const renamed = like({ 4: -1 });
  assert.equal(decide([renamed]), "0");
  const moved = like({ 11: -1, 13: 0.2, 14: 0, 15: 0.1 });
  assert.notEqual(decide([renamed, moved]), "0");
});

test("strictness asks for more", () => {
  const fair = like({ 9: 0, 12: 0, 13: 0.5, 15: 0.2, 16: 0 }, 0.8);
  const score = rate(fair, power);
  const verdict = (strict: number): string => judge({ fingerprint: [1, 0], now: 1, power, candidates: [fair] }, strict).reason;
  assert.ok(score > 0.5 && score < 0.8, String(score));
  assert.equal(verdict(0.3), "below-threshold");
});
