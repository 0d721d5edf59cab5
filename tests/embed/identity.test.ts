import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { clear, store } from "../../embed/src/core/storage";
import { takeBootIdentity, clearIdentity, setCompany, identify, hasChanges, loadIdentity, saveIdentity, updateAttributes, identity } from "../../embed/src/core/identity";
import { define, FakeStorage } from "./browser";

let storage: FakeStorage;

beforeEach(() => {
  storage = new FakeStorage();
  define("localStorage", storage);
  Object.assign(store, { prefix: "handrail:e", allowed: true });
  clear();
  clearIdentity();
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test("changes are said once", () => {
  identify("42", { plan: "trial", visits: { add: 1 } }, { token: "t" });
  assert.deepEqual(plain(takeBootIdentity()[0].person), { id: "42", attributes: { plan: "trial", visits: { add: 1 } }, token: "t", user_hash: null });
  assert.deepEqual(plain(takeBootIdentity()[0].person!.attributes), {});
});

test("when the asking fails, the changes wait for the next, older ones first", () => {
  identify("42", { plan: "trial", seats: 1 }, {});
  const [, putBack] = takeBootIdentity();
  updateAttributes({ plan: "paid" });
  putBack();
  assert.deepEqual(plain(takeBootIdentity()[0].person!.attributes), { plan: "paid", seats: 1 });
});

test("what failed for one person is never said of another", () => {
  identify("42", { plan: "trial" }, {});
  const [, putBack] = takeBootIdentity();
  clearIdentity();
  identify("43", {}, {});
  putBack();
  assert.deepEqual(plain(takeBootIdentity()[0].person), { id: "43", attributes: {}, token: null, user_hash: null });
});

test("attributes told before the name go with the name", () => {
  updateAttributes({ source: "ad" });
  assert.equal(takeBootIdentity()[0].person, null);
  identify("42", { plan: "trial" }, {});
  assert.deepEqual(plain(takeBootIdentity()[0].person!.attributes), { source: "ad", plan: "trial" });
});

test("a company keeps its attributes, another one starts anew", () => {
  setCompany("7", { seats: 3 }, { membership: { role: "admin" } });
  setCompany("7", { plan: "pro" }, {});
  assert.deepEqual(plain(identity.company), { id: "7", attributes: { seats: 3, plan: "pro" }, membership: {}, token: null });
  setCompany("8", {}, {});
  assert.deepEqual(plain(identity.company), { id: "8", attributes: {}, membership: {}, token: null });
});

test("the same words again are no news, an amount always is", () => {
  assert.ok(hasChanges("identify", "42", { plan: "trial" }));
  assert.ok(!hasChanges("identify", "42", { plan: "trial" }));
  assert.ok(hasChanges("identify", "42", { plan: "paid" }));
  assert.ok(hasChanges("identify", "42", { visits: { add: 1 } }));
  assert.ok(hasChanges("identify", "42", { visits: { add: 1 } }));
});

test("the browser is recognised, and keeps no proof", () => {
  loadIdentity();
  identify("42", {}, { token: "secret.jwt", userHash: "abc" });
  saveIdentity();
  const before = identity.anonymous;
  assert.ok(!JSON.stringify(storage).includes("secret"));
  assert.equal(loadIdentity(), "42");
  assert.equal(identity.anonymous, before);
});

test("a mangled memory is a new browser", () => {
  for (const text of ["{", "5", "null", '{"anonymous":{"a":1},"id":[]}']) {
    storage["handrail:e"] = text;
    assert.equal(loadIdentity(), "");
    assert.match(identity.anonymous, /^anon_[0-9a-f]{32}$/);
  }
});
