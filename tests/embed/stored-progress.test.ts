import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { acceptProgress, fold, isStarted, getProgress, saveProgress, mergeFromOtherTabs, switchOwner } from "../../embed/src/stage/progress";
import { clear, store, write } from "../../embed/src/core/storage";
import { define, FakeStorage, fill, forbidStorage } from "./browser";

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  define("localStorage", storage);
  Object.assign(store, { prefix: "handrail:e", allowed: true });
  clear();
  switchOwner("nobody");
  switchOwner("p:42");
});

const EFFECTS = { step_shown: "reached", step_done: "done" };
const ITEMS = [{ key: "one" }, { key: "two" }];
const applyEvent = (id: string, name: string, item?: string, page?: string): void => saveProgress(id, fold(getProgress(id), { name, item, page: page ?? "" }, EFFECTS, ITEMS));

const reload = (who = "p:42"): void => {
  switchOwner("nobody");
  switchOwner(who);
};

test("a dismissal holds after a reload", () => {
  applyEvent("g", "shown");
  applyEvent("g", "dismissed");
  reload();
  assert.equal(getProgress("g").status, "dismissed");
});

test("a tour goes on at its step, with what was done and where", () => {
  applyEvent("g", "shown");
  applyEvent("g", "step_shown", "one", "here");
  applyEvent("g", "step_done", "one");
  applyEvent("g", "step_done", "one");
  applyEvent("g", "step_shown", "two", "there");
  reload();
  assert.ok(isStarted("g"));
  const { item, done, page } = getProgress("g");
  assert.deepEqual([item, done, page], ["two", ["one"], "there"]);
});

test("another person starts from nothing", () => {
  applyEvent("g", "completed");
  reload("p:43");
  assert.equal(getProgress("g").status, "");
});

test("somebody who gets a name keeps what they did before", () => {
  reload("a:anon_1");
  applyEvent("g", "dismissed");
  switchOwner("p:44", true);
  reload("p:44");
  assert.equal(getProgress("g").status, "");
  reload("a:anon_1");
  switchOwner("p:44", true);
  saveProgress("h", { until: 1 });
  reload("p:44");
  assert.equal(getProgress("g").status, "dismissed");
});

test("the server's word is taken, and the page of the item is kept", () => {
  applyEvent("g", "step_shown", "one", "here");
  acceptProgress("g", { status: "started", item: "two", done: ["one"] });
  assert.deepEqual([getProgress("g").item, getProgress("g").page], ["two", "here"]);
  acceptProgress("g", null);
  assert.deepEqual([getProgress("g").item, getProgress("g").status], [null, ""]);
});

test("what another tab learned is known here too", () => {
  applyEvent("g", "shown");
  const kept = JSON.parse(String(storage["handrail:e:guides"]));
  // in the same millisecond
  kept.guides.g = { ...kept.guides.g, status: "completed" };
  storage["handrail:e:guides"] = JSON.stringify(kept);
  mergeFromOtherTabs();
  assert.equal(getProgress("g").status, "completed");
});

test("a storage that is absent or full is no reason to fail", () => {
  fill(storage);
  applyEvent("g", "dismissed");
  assert.equal(getProgress("g").status, "dismissed");
  forbidStorage();
  applyEvent("h", "completed");
  reload();
  assert.equal(getProgress("h").status, "completed");
});

test("a corrupt storage is taken for an empty one", () => {
  const good = { status: "started", item: "one", done: [], at: 1 };
  const corrupt = ["", "{", "null", "5", "[]", '"x"', '{"who":"p:42"}', '{"who":"p:42","guides":[1]}', '{"who":"p:42","guides":{"g":null,"h":5,"i":{"status":1}}}', '{"who":"p:42","guides":{"__proto__":{"at":1,"status":"completed","done":[]}}}'];
  for (const text of corrupt) {
    storage["handrail:e:guides"] = text;
    reload();
    assert.equal(getProgress("g").status, "", text);
  }
  storage["handrail:e:guides"] = JSON.stringify({ who: "p:42", guides: { g: good, h: { at: 1 } } });
  reload();
  assert.ok(isStarted("g"));
  assert.equal(({} as { status?: string }).status, undefined);
});

test("nothing is written before the person agreed", () => {
  store.allowed = false;
  applyEvent("g", "dismissed");
  assert.deepEqual(Object.keys(storage), []);
  assert.equal(getProgress("g").status, "dismissed");
});

test("clearing takes every trace of this environment and of no other", () => {
  storage["handrail:e2"] = "other";
  storage["theirs"] = "host";
  write("", { id: "42" });
  applyEvent("g", "shown");
  clear();
  assert.deepEqual(Object.keys(storage).sort(), ["handrail:e2", "theirs"]);
});
