import assert from "node:assert/strict";
import test from "node:test";
import cases from "../shared_cases/rules.json";
import "../../embed/src/rules/page-conditions";
import { attributeConditions } from "../../embed/src/rules/attribute-conditions";
import { browserConditions, matchesPage, evaluate, type Facts, type Rule } from "../../embed/src/rules/evaluate";

interface Case {
  name: string;
  rule: Rule | null;
  facts: Omit<Facts, "now" | "element"> & { now?: string; element?: string[] };
  settles: boolean | Rule;
}

const everything = { ...browserConditions, ...attributeConditions };

function facts({ now, element, ...rest }: Case["facts"]): Facts {
  const isThere = element && (({ value }: { value: string }) => element.includes(value));
  return { ...rest, now: now === undefined ? null : new Date(now), element: isThere ?? null };
}

for (const { name, rule, facts: given, settles } of cases as unknown as Case[]) {
  test(name, () => {
    const answer = evaluate(rule, facts(given), everything);
    assert.deepEqual(answer, settles);
    if (typeof answer === "object") assert.deepEqual(evaluate(answer, facts(given), everything), answer);
  });
}

test("the runtime leaves alone what only the server knows", () => {
  const asked = { attribute: { of: "person", name: "plan", op: "is", value: "trial" } };
  assert.deepEqual(evaluate({ all: [asked, { delay: 5 }] }, { person: { plan: "trial" }, seconds: 6 }), asked);
  assert.deepEqual(evaluate({ segment: "s1" }, { segments: ["s1"] }), { segment: "s1" });
});

test("an unknown condition is unknown, whatever it is called", () => {
  for (const tag of ["weather", "constructor", "toString", "hasOwnProperty"]) {
    assert.deepEqual(evaluate({ [tag]: 1 }, {}), { [tag]: 1 });
    assert.equal(evaluate({ all: [{ [tag]: 1 }, { any: [] }] }, {}), false);
  }
  const inherited: Rule = JSON.parse('{"__proto__": 1}');
  assert.deepEqual(evaluate(inherited, {}), inherited);
});

test("an unknown operator is unknown, whatever it is called", () => {
  for (const op of ["sounds_like", "constructor"]) {
    const asked = { attribute: { of: "person", name: "plan", op, value: "x" } };
    assert.deepEqual(evaluate(asked, { person: { plan: "x" } }, everything), asked);
  }
});

test("what the host page adds to every object answers nothing", () => {
  const added: Record<string, unknown> = { page: "https://a.example/deals", seconds: 99, weather: () => true, from: "2030-01-01T00:00:00Z", plan: "trial" };
  const all = Object.prototype as unknown as Record<string, unknown>;
  try {
    for (const [name, value] of Object.entries(added)) Object.defineProperty(all, name, { value, configurable: true, enumerable: true, writable: true });
    assert.deepEqual(evaluate({ page: "/deals" }, {}), { page: "/deals" });
    assert.deepEqual(evaluate({ delay: 5 }, {}), { delay: 5 });
    assert.deepEqual(evaluate({ weather: 1 }, {}), { weather: 1 });
    assert.equal(evaluate({ between: {} }, { now: 0 }), true);
    assert.equal(evaluate({ attribute: { of: "person", name: "plan", op: "is", value: "trial" } }, { person: {} }, everything), false);
  } finally {
    for (const name of Object.keys(added)) delete all[name];
  }
});

test("a target that cannot tell is unknown", () => {
  assert.deepEqual(evaluate({ element: { by: "css", value: "b" } }, { element: () => null }), { element: { by: "css", value: "b" } });
});

test("no pattern takes long", () => {
  const letters = "a".repeat(2_000);
  const started = performance.now();
  assert.equal(matchesPage(`/${"*a".repeat(200)}*c`, `https://x.example/${letters}b`), false);
  assert.equal(matchesPage(`/*${"a".repeat(998)}b`, `https://x.example/${letters}`), false);
  assert.equal(matchesPage(`/${"*".repeat(999)}`, `https://x.example/${letters}`), true);
  assert.equal(matchesPage(`/${"*?#/:".repeat(200)}`, `https://x.example/${"/?#:".repeat(500)}`), false);
  assert.ok(performance.now() - started < 50);
});

test("an address that cannot be written is compared as it is", () => {
  assert.equal(matchesPage("/*", "https://x.example/\ud800"), true);
});
