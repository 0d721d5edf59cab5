import assert from "node:assert/strict";
import { test } from "node:test";
import { sanitize, toFacts, toId, readOption } from "../../embed/src/core/sanitize";
import { json } from "../../embed/src/core/guard";

const cyclic: Record<string, unknown> = {};
cyclic["self"] = cyclic;
const throwing = new Proxy({}, { ownKeys: () => assert.fail("looked"), get: () => assert.fail("looked"), getPrototypeOf: () => assert.fail("looked") });

const hostile: unknown[] = [
  cyclic,
  throwing,
  { get a() { throw new Error("getter"); } },
  10n,
  Symbol("s"),
  () => 1,
  "x".repeat(10_000_000),
  new Map([["a", 1]]),
  new Date(NaN),
  Object.create(throwing),
  Array.from({ length: 1e5 }, () => ({ a: 1 })),
  { toJSON: () => assert.fail("asked") },
  new Proxy([], { get: () => { throw new Error("trap"); } }),
];

test("nothing that a page hands over makes a copy throw, and each can be told as JSON", () => {
  for (const value of [...hostile, ...hostile.map((inner) => ({ inner })), ...hostile.map((inner) => [inner])]) {
    const made = toFacts({ value });
    assert.ok(JSON.stringify(made).length < 200_000);
  }
});

test("keys that reach into prototypes are dropped", () => {
  const made = toFacts(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"fine":1}'));
  assert.deepEqual(Object.keys(made), ["fine"]);
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test("a copy is bounded in depth, in keys and in length", () => {
  assert.equal(JSON.stringify(sanitize({ a: { b: { c: { d: { e: 1 } } } } })), '{"a":{"b":{"c":{}}}}');
  assert.equal(Object.keys(sanitize(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, i])))!).length, 100);
  assert.equal(sanitize("x".repeat(1025)), undefined);
  assert.equal(sanitize("x".repeat(1024)), "x".repeat(1024));
});

test("lists stay lists though the page gave all lists a toJSON", () => {
  Object.defineProperty(Array.prototype, "toJSON", { configurable: true, value: () => "theirs" });
  try {
    assert.equal(json(sanitize({ list: [1, "a"] })), '{"list":[1,"a"]}');
  } finally {
    delete (Array.prototype as { toJSON?: unknown }).toJSON;
  }
});

test("ids are text: numbers become it, other things are none", () => {
  assert.equal(toId(42), "42");
  assert.equal(toId(" u "), "u");
  for (const none of [null, undefined, "", {}, [], true, NaN.constructor, "x".repeat(201)]) assert.equal(toId(none), "");
});

test("options are read from what the page gave, not from its prototypes", () => {
  assert.equal(readOption(Object.create({ once: true }), "once"), undefined);
  assert.equal(readOption({ once: true }, "once"), true);
  assert.equal(readOption(throwing, "once"), undefined);
});
