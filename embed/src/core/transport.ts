/** The two requests: boot and events. Batches, retries, and leaves nothing behind when the page goes. */

import { json } from "./guard";
import { uuid7 } from "./uuid";
import { read, store, write } from "./storage";
import type { Answer } from "../types/contracts";
import type { Boot, Facts, Happening } from "../types/protocol";
import { keyOf, who } from "./identity";

/** One event that waits, and whose it is. */
export interface Entry {
  id: string | null;
  anonymous: string | null;
  event: Happening;
  at: number;
}

const TRIES = 5;
const AGE = 7 * 864e5;
const MOST = 500;

/** `open` is asked before anything leaves; `off` hears the kill switch. */
export const wire = { origin: "", environment: "", open: (): boolean => true, off: (): void => undefined, closed: false, dropped: 0 };

let entries: Entry[] = [];
let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
/** After a failure: until the pause is over, nothing is sent. */
let pausing = false;
let busy: Entry[] = [];
const gone = new Set<string>();
const blocked = new Set<string>();

/** A refusal that another try would only hear again. */
const lasting = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

/** Milliseconds to wait: what the server asked for, and never less than a growing, scattered pause. */
export function pause(failures: number, after: number): number {
  const grown = 3 * 2 ** failures;
  return 1000 * Math.min(600, after ? Math.max(1, after, grown) * (1 + Math.random() / 4) : grown * (0.5 + Math.random()));
}

export function retryAfter(value: string | null): number {
  return Math.max(0, +value! || (Date.parse(value!) - Date.now()) / 1000 || 0);
}

export async function post(path: string, body: string, keepalive = false): Promise<Answer> {
  try {
    const answer = await fetch(wire.origin + path, { method: "POST", body, headers: { "Content-Type": "text/plain" }, credentials: "omit", keepalive, signal: AbortSignal.timeout(10_000) });
    return { status: answer.status, text: await answer.text(), after: retryAfter(answer.headers.get("Retry-After")) };
  } catch {
    return { status: 0, text: "", after: 0 };
  }
}

/** Ask what may show; null when no usable answer came. */
export async function askBoot(body: string, early: Promise<Answer> | undefined, current: () => boolean, failed?: () => void): Promise<Boot | null> {
  for (let failures = 0; failures < TRIES && current(); failures++) {
    const { status, text, after } = await (early ?? post("/embed/v1/boot", body));
    early = undefined;
    const boot = status === 200 && (parse(text) as Boot | null);
    if (boot && boot.schema > 0 && Array.isArray(boot.guides)) return boot;
    if (lasting(status)) break;
    failed?.();
    await new Promise((go) => setTimeout(go, pause(failures, after)));
  }
  return null;
}

export function send(name: string, more: Partial<Happening> = {}, props: Facts = {}): void {
  if (!wire.open()) return;
  const at = Date.now();
  const event = { id: uuid7(at), name, ...more, at: new Date(at).toISOString(), props };
  waiting();
  entries.push({ id: who.person?.id ?? null, anonymous: who.anonymous, event, at });
  save();
  if (pausing || busy.length) return;
  if (entries.length >= 20) void flush();
  else timer ??= setTimeout(flush, 2000);
}

/** Send what waits, now: the person changes, the page may go, or the network is back. */
export async function flush(again?: unknown): Promise<void> {
  if (again === true) tries = 0;
  if ((pausing && again !== true) || busy.length || !wire.open()) return;
  clearTimeout(timer);
  timer = undefined;
  pausing = false;
  busy = next();
  if (!busy.length) return;
  settle(await post("/embed/v1/events", envelope(busy), true));
}

/** The page goes: hand the rest to the browser. It stays in the outbox until acknowledged, so nothing is lost. */
export function leave(): void {
  pausing = true;
  const sent = [...busy];
  for (let batch = next(sent); wire.open() && batch.length; batch = next(sent)) {
    if (!navigator.sendBeacon(wire.origin + "/embed/v1/events", envelope(batch))) return;
    sent.push(...batch);
  }
}

/** Guides of which the server has not heard all. */
export const unheard = (): Set<string | undefined> => new Set(waiting().map(({ event }) => event.guide));

export function discard(): void {
  entries = [];
}

/** As after a reload: only what is kept is known. */
export function reopen(): void {
  discard();
  clearTimeout(timer);
  timer = undefined;
  pausing = false;
  busy = [];
  tries = 0;
  gone.clear();
  blocked.clear();
}

function settle({ status, text, after }: Answer): void {
  const sent = busy;
  busy = [];
  if (status !== 202 && !lasting(status)) {
    pausing = true;
    const wait = pause(tries++, after);
    if (status || tries < TRIES) timer = setTimeout(() => ((pausing = false), void flush()), wait);
    return;
  }
  tries = 0;
  if (status === 401 || status === 403) {
    blocked.add(ownerOf(sent[0]!));
  } else {
    if (status !== 202) wire.dropped += sent.length;
    sent.forEach(({ event }) => gone.add(event.id));
    // a page that is never left does not remember them for ever
    for (const id of gone) if (gone.size > MOST) gone.delete(id);
    waiting();
    save();
    if ((parse(text) as Boot | null)?.off) wire.off();
  }
  void flush();
}

/** Everything that waits, ours and what other tabs and earlier pages left, oldest first. */
function waiting(): Entry[] {
  const kept = read(":out");
  const all = new Map<string, Entry>();
  for (const entry of entries.concat(Array.isArray(kept) ? kept : [])) {
    const id = entry?.event?.id;
    if (typeof id === "string" && (entry.id || entry.anonymous) && entry.at > Date.now() - AGE && !gone.has(id)) all.set(id, entry);
  }
  entries = [...all.values()].sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
  return entries;
}

function save(): void {
  let kept = (entries = entries.slice(-MOST));
  while (json(kept).length > 256 * 1024) kept = kept.slice(kept.length >> 2);
  // a full storage loses the newest first, the page keeps them all
  while (!write(":out", kept) && store.allowed && kept.length) kept = kept.slice(0, kept.length >> 1);
}

const ownerOf = ({ id, anonymous }: Entry): string => keyOf(id, anonymous);

/** The oldest events of one person that are not on their way, as many as fit. */
function next(without: Entry[] = []): Entry[] {
  const taken = new Set(without.map(({ event }) => event.id));
  const able = waiting().filter((entry) => !taken.has(entry.event.id) && !blocked.has(ownerOf(entry)));
  const mine = able.filter((entry) => ownerOf(entry) === ownerOf(able[0]!)).slice(0, 100);
  while (mine.length > 1 && json(mine).length > 48 * 1024) mine.length >>= 1;
  return mine;
}

function envelope(batch: Entry[]): string {
  const { id, anonymous } = batch[0]!;
  const token = who.person?.id === id ? who.person!.token : null;
  return json({
    schema: 1,
    environment: wire.environment,
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
