/** The boot request, and the outbox of events: batched, retried, and flushed when the page unloads. */

import { json } from "./guard";
import { uuid7 } from "./uuid";
import { read, store, write } from "./storage";
import type { HttpResponse } from "../types/contracts";
import type { Boot, Facts, EventInput } from "../types/protocol";
import { ownerKey, identity } from "./identity";

/** One unsent event and its owner. */
export interface OutboxEntry {
  id: string | null;
  anonymous: string | null;
  event: EventInput;
  at: number;
}

const TRIES = 5;
const MAX_AGE = 7 * 864e5;
const MAX_EVENTS = 500;

/** `open` says whether requests may be sent now; `off` is called on the kill switch. */
export const connection = { origin: "", environment: "", open: (): boolean => true, off: (): void => undefined, closed: false, dropped: 0 };

let outbox: OutboxEntry[] = [];
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** True after a failure, until the retry delay is over. */
let isBackingOff = false;
let inFlight: OutboxEntry[] = [];
const acknowledged = new Set<string>();
const refusedOwners = new Set<string>();

/** A status that a retry would not change. */
const isPermanent = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** The delay before a retry, in milliseconds: exponential with jitter, and at least what Retry-After asked for. */
export function retryDelay(failures: number, after: number): number {
  const grown = 3 * 2 ** failures;
  return 1000 * Math.min(600, after ? Math.max(1, after, grown) * (1 + Math.random() / 4) : grown * (0.5 + Math.random()));
}

export function retryAfter(value: string | null): number {
  return Math.max(0, +value! || (Date.parse(value!) - Date.now()) / 1000 || 0);
}

export async function post(path: string, body: string, keepalive = false): Promise<HttpResponse> {
  try {
    const answer = await fetch(connection.origin + path, { method: "POST", body, headers: { "Content-Type": "text/plain" }, credentials: "omit", keepalive, signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, text: await answer.text(), after: retryAfter(answer.headers.get("Retry-After")) };
  } catch {
    return { status: 0, text: "", after: 0 };
  }
}

/** Requests a boot, with retries; null when no usable answer came. */
export async function requestBoot(body: string, early: Promise<HttpResponse> | undefined, isCurrent: () => boolean, onFailure?: () => void): Promise<Boot | null> {
  for (let failures = 0; failures < TRIES && isCurrent(); failures++) {
    const { status, text, after } = await (early ?? post("/embed/v1/boot", body));
    early = undefined;
    const boot = status === 200 && (parse(text) as Boot | null);
    if (boot && boot.schema > 0 && Array.isArray(boot.guides)) return boot;
    if (isPermanent(status)) break;
    onFailure?.();
    await new Promise((go) => setTimeout(go, retryDelay(failures, after)));
  }
  return null;
}

export function send(name: string, context: Partial<EventInput> = {}, props: Facts = {}): void {
  if (!connection.open()) return;
  const at = Date.now();
  const event = { id: uuid7(at), name, ...context, at: new Date(at).toISOString(), props };
  mergeOutbox();
  outbox.push({ id: identity.person?.id ?? null, anonymous: identity.anonymous, event, at });
  save();
  if (isBackingOff || inFlight.length) return;
  if (outbox.length >= 20) void flush();
  else timer ??= setTimeout(flush, 2000);
}

/** Sends the outbox now: the person changes, the page may unload, or the network is back. */
export async function flush(again?: unknown): Promise<void> {
  if (again === true) failures = 0;
  if ((isBackingOff && again !== true) || inFlight.length || !connection.open()) return;
  clearTimeout(timer);
  timer = undefined;
  isBackingOff = false;
  inFlight = nextBatch();
  if (!inFlight.length) return;
  handleResponse(await post("/embed/v1/events", envelope(inFlight), true));
}

/** Hands the outbox to sendBeacon when the page unloads; events stay stored until a later page has them acknowledged. */
export function flushOnUnload(): void {
  isBackingOff = true;
  const sent = [...inFlight];
  for (let batch = nextBatch(sent); connection.open() && batch.length; batch = nextBatch(sent)) {
    if (!navigator.sendBeacon(connection.origin + "/embed/v1/events", envelope(batch))) return;
    sent.push(...batch);
  }
}

/** The guides with unsent events: for them the browser's progress is newer than the server's. */
export const guidesWithUnsentEvents = (): Set<string | undefined> => new Set(mergeOutbox().map(({ event }) => event.guide));

export function clearOutbox(): void {
  outbox = [];
}

/** Resets to what a reload would know; for tests. */
export function resetTransport(): void {
  clearOutbox();
  clearTimeout(timer);
  timer = undefined;
  isBackingOff = false;
  inFlight = [];
  failures = 0;
  acknowledged.clear();
  refusedOwners.clear();
}

function handleResponse({ status, text, after }: HttpResponse): void {
  const sent = inFlight;
  inFlight = [];
  if (status !== 202 && !isPermanent(status)) {
    isBackingOff = true;
    const wait = retryDelay(failures++, after);
    if (status || failures < TRIES) timer = setTimeout(() => ((isBackingOff = false), void flush()), wait);
    return;
  }
  failures = 0;
  if (status === 401 || status === 403) {
    refusedOwners.add(ownerOf(sent[0]!));
  } else {
    if (status !== 202) connection.dropped += sent.length;
    sent.forEach(({ event }) => acknowledged.add(event.id));
    // bounded, for pages that stay open for days
    for (const id of acknowledged) if (acknowledged.size > MAX_EVENTS) acknowledged.delete(id);
    mergeOutbox();
    save();
    if ((parse(text) as Boot | null)?.off) connection.off();
  }
  void flush();
}

/** Merges the outbox with the stored events of other tabs and earlier pages, oldest first. */
function mergeOutbox(): OutboxEntry[] {
  const stored = read(":out");
  const all = new Map<string, OutboxEntry>();
  for (const entry of outbox.concat(Array.isArray(stored) ? stored : [])) {
    const id = entry?.event?.id;
    if (typeof id === "string" && (entry.id || entry.anonymous) && entry.at > Date.now() - MAX_AGE && !acknowledged.has(id)) all.set(id, entry);
  }
  outbox = [...all.values()].sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
  return outbox;
}

function save(): void {
  let stored = (outbox = outbox.slice(-MAX_EVENTS));
  while (json(stored).length > 256 * 1024) stored = stored.slice(stored.length >> 2);
  // with a full storage the newest are kept in memory only
  while (!write(":out", stored) && store.allowed && stored.length) stored = stored.slice(0, stored.length >> 1);
}

const ownerOf = ({ id, anonymous }: OutboxEntry): string => ownerKey(id, anonymous);

/** The oldest events of one owner that are not being sent, as many as fit one request. */
function nextBatch(exclude: OutboxEntry[] = []): OutboxEntry[] {
  const excluded = new Set(exclude.map(({ event }) => event.id));
  const sendable = mergeOutbox().filter((entry) => !excluded.has(entry.event.id) && !refusedOwners.has(ownerOf(entry)));
  const mine = sendable.filter((entry) => ownerOf(entry) === ownerOf(sendable[0]!)).slice(0, 100);
  while (mine.length > 1 && json(mine).length > 48 * 1024) mine.length >>= 1;
  return mine;
}

function envelope(batch: OutboxEntry[]): string {
  const { id, anonymous } = batch[0]!;
  const token = identity.person?.id === id ? identity.person!.token : null;
  return json({
    schema: 1,
    environment: connection.environment,
    person: id ? { id, token } : null,
    anonymous: id ? null : anonymous,
    sent_at: new Date().toISOString(),
    events: batch.map(({ event }) => event),
  });
}

function parse(text: string): unknown {
  try {
    return text.length < 6e5 ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
