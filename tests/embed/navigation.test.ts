import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { checkUrl, onPage, page, startPage, stopPage } from "../../embed/src/core/navigation";
import { chunks } from "../../embed/src/core/chunks";
import * as routes from "../../embed/src/core/history-patch";
import { define } from "./browser";

chunks.load = () => Promise.resolve(routes) as never;

const place = { href: "https://app.example/deals" };
const calls: unknown[][] = [];

class FakeHistory {
  pushState(...args: unknown[]): void {
    calls.push([this, ...args]);
    place.href = new URL(String(args[2]), place.href).href;
  }
  replaceState(...args: unknown[]): void {
    this.pushState(...args);
  }
}

let told = 0;
let host: FakeHistory;
const settled = (): Promise<void> => new Promise((go) => setImmediate(go));

beforeEach(async () => {
  define("location", place);
  define("window", new EventTarget());
  host = new FakeHistory();
  define("history", host);
  place.href = "https://app.example/deals";
  page.url = "";
  startPage();
  await settled();
  told = 0;
  onPage(() => told++);
});

afterEach(async () => {
  stopPage();
  await settled();
});

test("a route without a reload is noticed once", async () => {
  await settled();
  told = 0;
  history.pushState({}, "", "/contacts");
  history.replaceState({}, "", "/contacts");
  await settled();
  assert.equal(page.url, "https://app.example/contacts");
  assert.equal(told, 1);
});

test("the page's own history gets what it was given", () => {
  history.pushState({ a: 1 }, "t", "/x");
  assert.deepEqual(calls.at(-1)!.slice(1), [{ a: 1 }, "t", "/x"]);
  assert.equal(calls.at(-1)![0], host);
});

test("stopping leaves no trace on history", () => {
  assert.ok(Object.hasOwn(host, "pushState"));
  stopPage();
  assert.equal(history.pushState, FakeHistory.prototype.pushState);
});

test("a wrapper that the page laid over ours keeps working", async () => {
  const ours = host.pushState;
  let theirs = 0;
  host.pushState = function (...args) {
    theirs++;
    ours.apply(this, args);
  };
  stopPage();
  host.pushState({}, "", "/later");
  await settled();
  assert.equal(theirs, 1);
  assert.equal(place.href, "https://app.example/later");
  assert.equal(page.url, "https://app.example/deals");
});

test("one listener that fails does not stop the others", async () => {
  onPage(() => {
    throw new Error("theirs");
  });
  let last = 0;
  onPage(() => last++);
  checkUrl("https://app.example/named");
  await settled();
  assert.equal(last, 1);
});
