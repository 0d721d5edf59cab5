import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { accept, fold, isBegun, recall, remember, syncMemory, turnMemory } from "../../embed/src/stage/progress";
import { clear, store, write } from "../../embed/src/core/storage";
import { define, FakeStorage, fill, forbidStorage } from "./browser";

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  define("localStorage", storage);
  Object.assign(store, { prefix: "handrail:e", allowed: true });
  clear();
  turnMemory("nobody");
  turnMemory("p:42");
});

const reload = (who = "p:42"): void => {
  turnMemory("nobody");
  turnMemory(who);
};

test("a dismissal holds after a reload", () => {
  fold("g", "shown");
  fold("g", "dismissed");
  reload();
  assert.equal(recall("g").status, "dismissed");
});

test("a tour goes on at its step, with what was done and where", () => {
  fold("g", "shown");
  fold("g", "step_shown", "one", "here");
  fold("g", "step_done", "one");
  fold("g", "step_done", "one");
  fold("g", "step_shown", "two", "there");
  reload();
  assert.ok(isBegun("g"));
  const { item, done, page } = recall("g");
  assert.deepEqual([item, done, page], ["two", ["one"], "there"]);
});

test("another person starts from nothing", () => {
  fold("g", "completed");
  reload("p:43");
  assert.equal(recall("g").status, "");
});

test("somebody who gets a name keeps what they did before", () => {
  reload("a:anon_1");
  fold("g", "dismissed");
  turnMemory("p:44", true);
  reload("p:44");
  assert.equal(recall("g").status, "");
  reload("a:anon_1");
  turnMemory("p:44", true);
  remember("h", { until: 1 });
  reload("p:44");
  assert.equal(recall("g").status, "dismissed");
});

test("the server's word is taken, and the page of the item is kept", () => {
  fold("g", "step_shown", "one", "here");
  accept("g", { status: "started", item: "two", done: ["one"] });
  assert.deepEqual([recall("g").item, recall("g").page], ["two", "here"]);
  accept("g", null);
  assert.deepEqual([recall("g").item, recall("g").status], [null, ""]);
});

test("what another tab learned is known here too", () => {
  fold("g", "shown");
  const kept = JSON.parse(String(storage["handrail:e:guides"]));
  // in the same millisecond
  kept.guides.g = { ...kept.guides.g, status: "completed" };
  storage["handrail:e:guides"] = JSON.stringify(kept);
  syncMemory();
  assert.equal(recall("g").status, "completed");
});

test("a storage that is absent or full is no reason to fail", () => {
  fill(storage);
  fold("g", "dismissed");
  assert.equal(recall("g").status, "dismissed");
  forbidStorage();
  fold("h", "completed");
  reload();
  assert.equal(recall("h").status, "completed");
});

test("a corrupt storage is taken for an empty one", () => {
  const good = { status: "started", item: "one", done: [], at: 1 };
  const corrupt = ["", "{", "null", "5", "[]", '"x"', '{"who":"p:42"}', '{"who":"p:42","guides":[1]}', '{"who":"p:42","guides":{"g":null,"h":5,"i":{"status":1}}}', '{"who":"p:42","guides":{"__proto__":{"at":1,"status":"completed","done":[]}}}'];
  for (const text of corrupt) {
    storage["handrail:e:guides"] = text;
    reload();
    assert.equal(recall("g").status, "", text);
  }
  storage["handrail:e:guides"] = JSON.stringify({ who: "p:42", guides: { g: good, h: { at: 1 } } });
  reload();
  assert.ok(isBegun("g"));
  assert.equal(({} as { status?: string }).status, undefined);
});

test("nothing is written before the person agreed", () => {
  store.allowed = false;
  fold("g", "dismissed");
  assert.deepEqual(Object.keys(storage), []);
  assert.equal(recall("g").status, "dismissed");
});

test("clearing takes every trace of this environment and of no other", () => {
  storage["handrail:e2"] = "other";
  storage["theirs"] = "host";
  write("", { id: "42" });
  fold("g", "shown");
  clear();
  assert.deepEqual(Object.keys(storage).sort(), ["handrail:e2", "theirs"]);
});
