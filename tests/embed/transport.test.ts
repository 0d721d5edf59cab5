import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { clear, store } from "../../embed/src/core/storage";
import { requestBoot, clearOutbox, flush, flushOnUnload, retryDelay, resetTransport, retryAfter, send, guidesWithUnsentEvents, connection } from "../../embed/src/core/transport";
import { identity } from "../../embed/src/core/identity";
import { answer, define, FakeStorage, fill, forbidStorage, pass, serve } from "./browser";

const DAY = 864e5;
const accepted = (): Response => answer(202, { accepted: 1, duplicates: 0, dropped: [] });
let storage: FakeStorage;

afterEach(() => {
  resetTransport();
  mock.timers.reset();
});

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: Date.UTC(2026, 10, 22) });
  mock.method(Math, "random", () => 0.5);
  storage = new FakeStorage();
  define("localStorage", storage);
  Object.assign(store, { prefix: "handrail:hr_pub_1", allowed: true });
  Object.assign(connection, { origin: "https://help.example", environment: "hr_pub_1", open: () => true, off: () => undefined, closed: false, dropped: 0 });
  Object.assign(identity, { person: { id: "42", attributes: {}, token: "t", user_hash: null }, anonymous: "anon_1" });
  clear();
});

const kept = (): { event: { name: string } }[] => JSON.parse(String(storage["handrail:hr_pub_1:out"] ?? "[]"));

test("events wait two seconds and leave together", async () => {
  const asked = serve(accepted());
  send("one");
  send("two");
  await pass(1999);
  assert.equal(asked.length, 0);
  await pass(1);
  assert.deepEqual(asked[0]!.body.events.map(({ name }) => name), ["one", "two"]);
  assert.deepEqual(asked[0]!.body.person, { id: "42", token: "t" });
  assert.deepEqual(kept(), []);
});

test("twenty events do not wait", async () => {
  const asked = serve(accepted());
  for (let i = 0; i < 20; i++) send("step_shown");
  await pass();
  assert.equal(asked[0]!.body.events.length, 20);
});

test("an event has a UUIDv7 of its own moment, in order", async () => {
  const asked = serve(accepted());
  send("one");
  send("two");
  await flush();
  const ids = asked[0]!.body.events.map(({ id }) => id);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(ids[0]!.replace("-", "").slice(0, 12), 16), Date.UTC(2026, 10, 22));
  assert.ok(ids[0]! < ids[1]!);
});

test("events survive a closed tab and are sent by the next page", async () => {
  serve(new Error("offline"));
  send("one");
  await flush();
  assert.equal(kept()[0]!.event.name, "one");
  const asked = serve(accepted());
  resetTransport();
  await flush();
  assert.equal(asked[0]!.body.events[0]!.name, "one");
  assert.deepEqual(kept(), []);
});

test("events of another tab are sent once and not put back", async () => {
  const asked = serve(accepted());
  send("mine");
  const both = [...kept(), { id: "42", anonymous: null, at: Date.now(), event: { id: "0192f", name: "theirs", at: "", props: {} } }];
  storage["handrail:hr_pub_1:out"] = JSON.stringify(both);
  await flush();
  assert.equal(asked[0]!.body.events.length, 2);
  assert.deepEqual(kept(), []);
});

test("a week later nothing is sent any more", async () => {
  serve(new Error("offline"));
  send("old");
  await flush();
  mock.timers.tick(8 * DAY);
  const asked = serve(accepted());
  resetTransport();
  await flush();
  assert.equal(asked.length, 0);
});

test("after 429 it waits at least as long as the server asked", async () => {
  const asked = serve(answer(429, {}, { "Retry-After": "60" }), accepted());
  send("one");
  await flush();
  await pass(59_000);
  assert.equal(asked.length, 1);
  await pass(30_000);
  assert.equal(asked.length, 2);
  assert.deepEqual(kept(), []);
});

test("a server that always says 429 hears at most twelve requests in ten minutes", async () => {
  const asked = serve(answer(429, {}, { "Retry-After": "1" }));
  send("one");
  for (let second = 0; second < 600; second++) await pass(1000);
  assert.ok(asked.length <= 12, String(asked.length));
  assert.equal(kept().length, 1);
});

test("a blocked address is tried five times and then left alone until the network comes back", async () => {
  const asked = serve(new TypeError("blocked"));
  for (let second = 0; second < 900; second++) {
    if (second % 60 === 0) send("again");
    await pass(1000);
  }
  assert.equal(asked.length, 5);
  const later = serve(accepted());
  await flush(true);
  await pass();
  assert.equal(later[0]!.body.events.length, 15);
});

test("a refusal of the batch drops it and counts it", async () => {
  serve(answer(400));
  send("bad");
  await flush();
  assert.deepEqual(kept(), []);
  assert.equal(connection.dropped, 1);
});

for (const [name, face] of Object.entries({ "a captive portal": new Response("<html>", { status: 200 }), "an empty answer": answer(204), "an answer from nowhere": answer(302) }))
  test(`${name} is no acknowledgement`, async () => {
    serve(face);
    send("one");
    await flush();
    assert.equal(kept().length, 1);
  });

test("a person whose proof is refused is not asked about again before a reload", async () => {
  const asked = serve(answer(403));
  send("one");
  await flush();
  send("two");
  await pass(60_000);
  assert.equal(asked.length, 1);
  assert.equal(kept().length, 2);
});

test("what one person did is sent under their name, whoever is here now", async () => {
  const asked = serve(accepted());
  send("first");
  Object.assign(identity, { person: { id: "43", attributes: {}, token: "other", user_hash: null } });
  send("second");
  await flush();
  await pass();
  assert.deepEqual(asked.map(({ body }) => [body.person!.id, body.person!.token, body.events.map(({ name }) => name)]), [
    ["42", null, ["first"]],
    ["43", "other", ["second"]],
  ]);
});

test("when the page goes, the browser is handed the rest, and it stays until acknowledged", () => {
  const sent: string[] = [];
  define("navigator", { sendBeacon: (_: string, body: string) => sent.push(body) });
  send("last");
  flushOnUnload();
  assert.equal(JSON.parse(sent[0]!).events[0].name, "last");
  assert.equal(sent.length, 1);
  assert.equal(kept().length, 1);
});

test("without a storage events are sent all the same", async () => {
  forbidStorage();
  const asked = serve(accepted());
  send("one");
  await flush();
  assert.equal(asked[0]!.body.events.length, 1);
  assert.equal(guidesWithUnsentEvents().size, 0);
});

test("a full storage loses nothing of this page", async () => {
  fill(storage);
  const asked = serve(accepted());
  send("one");
  send("two");
  await flush();
  assert.equal(asked[0]!.body.events.length, 2);
});

test("a corrupt outbox is skipped, entry by entry", async () => {
  const asked = serve(accepted());
  for (const corrupt of ["{", "[1,null]", '[{"event":5}]', '{"length":9}', '"x"', '[{"id":"42","event":{"id":7},"at":1}]']) {
    storage["handrail:hr_pub_1:out"] = corrupt;
    resetTransport();
    send("fine");
    await flush();
  }
  assert.deepEqual(new Set(asked.flatMap(({ body }) => body.events.map(({ name }) => name))), new Set(["fine"]));
});

test("nothing is kept or sent while it is not allowed", async () => {
  const asked = serve(accepted());
  connection.open = () => false;
  send("one");
  await flush();
  flushOnUnload();
  assert.equal(asked.length, 0);
  assert.deepEqual(Object.keys(storage), []);
});

test("the outbox keeps the last five hundred", async () => {
  serve(new Error("offline"));
  for (let i = 0; i < 510; i++) send("e" + i);
  await pass();
  assert.equal(kept().length, 500);
  assert.equal(kept().at(-1)!.event.name, "e509");
  clearOutbox();
});

test("a kill switch in the answer is heard", async () => {
  let off = 0;
  connection.off = () => void off++;
  serve(answer(202, { accepted: 1, off: true }));
  send("one");
  await flush();
  assert.equal(off, 1);
});

test("pauses grow, scatter and end at ten minutes", () => {
  assert.equal(retryDelay(0, 0), 3000);
  assert.equal(retryDelay(2, 0), 12_000);
  assert.equal(retryDelay(20, 0), 600_000);
  assert.ok(retryDelay(0, 60) >= 60_000);
  assert.equal(retryDelay(0, 86_400), 600_000);
});

test("Retry-After is seconds or a date", () => {
  assert.equal(retryAfter("7"), 7);
  assert.equal(retryAfter(new Date(Date.now() + 9000).toUTCString()), 9);
  for (const odd of [null, "", "soon", "-5"]) assert.equal(retryAfter(odd), 0);
});

const boot = { schema: 1, guides: [], kinds: {} };

test("a boot is asked again after a failure", async () => {
  const asked = serve(answer(503), new Error("cut"), answer(200, "not one"), answer(200, boot));
  const asking = requestBoot("{}", undefined, () => true);
  for (let i = 0; i < 60; i++) await pass(1000);
  assert.deepEqual(await asking, boot);
  assert.equal(asked.length, 4);
});

test("a boot that is refused, or asked for somebody else, is not asked again", async () => {
  const asked = serve(answer(403));
  assert.equal(await requestBoot("{}", undefined, () => true), null);
  assert.equal(await requestBoot("{}", undefined, () => false), null);
  assert.equal(asked.length, 1);
});

test("the boot the loader asked for is taken", async () => {
  const asked = serve(answer(500));
  assert.deepEqual(await requestBoot("{}", Promise.resolve({ status: 200, text: JSON.stringify(boot), after: 0 }), () => true), boot);
  assert.equal(asked.length, 0);
});
