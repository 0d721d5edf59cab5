import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { clear, store } from "../../embed/src/core/storage";
import { asking, forget, group, identify, isNews, recognise, rememberWho, update, who } from "../../embed/src/core/identity";
import { define, FakeStorage } from "./browser";

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  define("localStorage", storage);
  Object.assign(store, { prefix: "handrail:e", allowed: true });
  clear();
  forget();
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("changes are said once", () => {
  identify("42", { plan: "trial", visits: { add: 1 } }, { token: "t" });
  assert.deepEqual(plain(asking()[0].person), { id: "42", attributes: { plan: "trial", visits: { add: 1 } }, token: "t", user_hash: null });
  assert.deepEqual(plain(asking()[0].person!.attributes), {});
});

test("when the asking fails, the changes wait for the next, older ones first", () => {
  identify("42", { plan: "trial", seats: 1 }, {});
  const [, putBack] = asking();
  update({ plan: "paid" });
  putBack();
  assert.deepEqual(plain(asking()[0].person!.attributes), { plan: "paid", seats: 1 });
});

test("what failed for one person is never said of another", () => {
  identify("42", { plan: "trial" }, {});
  const [, putBack] = asking();
  forget();
  identify("43", {}, {});
  putBack();
  assert.deepEqual(plain(asking()[0].person), { id: "43", attributes: {}, token: null, user_hash: null });
});

test("attributes told before the name go with the name", () => {
  update({ source: "ad" });
  assert.equal(asking()[0].person, null);
  identify("42", { plan: "trial" }, {});
  assert.deepEqual(plain(asking()[0].person!.attributes), { source: "ad", plan: "trial" });
});

test("a company keeps its attributes, another one starts anew", () => {
  group("7", { seats: 3 }, { membership: { role: "admin" } });
  group("7", { plan: "pro" }, {});
  assert.deepEqual(plain(who.company), { id: "7", attributes: { seats: 3, plan: "pro" }, membership: {}, token: null });
  group("8", {}, {});
  assert.deepEqual(plain(who.company), { id: "8", attributes: {}, membership: {}, token: null });
});

test("the same words again are no news, an amount always is", () => {
  assert.ok(isNews("identify", "42", { plan: "trial" }));
  assert.ok(!isNews("identify", "42", { plan: "trial" }));
  assert.ok(isNews("identify", "42", { plan: "paid" }));
  assert.ok(isNews("identify", "42", { visits: { add: 1 } }));
  assert.ok(isNews("identify", "42", { visits: { add: 1 } }));
});

test("the browser is recognised, and keeps no proof", () => {
  recognise();
  identify("42", {}, { token: "secret.jwt", userHash: "abc" });
  rememberWho();
  const before = who.anonymous;
  assert.ok(!JSON.stringify(storage).includes("secret"));
  assert.equal(recognise(), "42");
  assert.equal(who.anonymous, before);
});

test("a mangled memory is a new browser", () => {
  for (const text of ["{", "5", "null", '{"anonymous":{"a":1},"id":[]}']) {
    storage["handrail:e"] = text;
    assert.equal(recognise(), "");
    assert.match(who.anonymous, /^anon_[0-9a-f]{32}$/);
  }
});
