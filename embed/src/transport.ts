/** The two requests: boot and events. Batches, retries, and leaves nothing behind when the page goes. */

import { uuid7 } from "./ids";
import { note } from "./guard";
import { type Entry, Outbox, type Who } from "./outbox";
import type { Store } from "./memory";
import type { Boot, Facts, Happening } from "./types";

export interface Net {
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  beacon: (url: string, body: string) => boolean;
  now: () => number;
  random: () => number;
  later: (act: () => void, ms: number) => () => void;
}

export interface Answer {
  /** 0 where no answer came. */
  status: number;
  text: string;
  /** Seconds asked for by Retry-After. */
  after: number;
}

const BATCH = 20;
const EVERY = 2000;
const LARGEST = 48 * 1024;
const PATIENCE = 10_000;
const TRIES = 5;

export const browserNet = (): Net => ({
  fetch: (url, init) => window.fetch(url, init),
  beacon: (url, body) => navigator.sendBeacon(url, body),
  now: Date.now,
  random: Math.random,
  later: (act, ms) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
});

/** Seconds to wait: what the server asked for, and never less than a growing, scattered pause. */
export function pause(tries: number, after: number, random: number): number {
  const grown = Math.min(600, 3 * 2 ** tries);
  return after ? Math.min(600, Math.max(1, after, grown) * (1 + random / 4)) : grown * (0.5 + random);
}

export function retryAfter(value: string | null, now: number): number {
  if (!value) return 0;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return seconds > 0 ? Math.min(600, Math.max(1, seconds)) : 0;
}

/** A refusal that another try would only hear again. */
const lasting = (status: number): boolean => status >= 400 && status < 500 && status !== 408 && status !== 429;

export class Transport {
  readonly outbox: Outbox;
  dropped = 0;
  /** Asked before anything leaves. */
  open: () => boolean = () => true;
  /** The proof of the person, never kept anywhere. */
  token: (id: string) => string | null = () => null;
  told: (answer: { off?: boolean }) => void = () => undefined;
  private readonly blocked = new Set<string>();
  private busy = new Set<string>();
  private tries = 0;
  private cancel: (() => void) | null = null;
  private waiting = false;

  constructor(
    private readonly origin: string,
    private readonly environment: string,
    store: Store,
    private readonly net: Net = browserNet(),
  ) {
    this.outbox = new Outbox(store, net.now);
  }

  async post(path: string, body: unknown, keepalive = false): Promise<Answer> {
    const abort = new AbortController();
    const stop = this.net.later(() => abort.abort(), PATIENCE);
    try {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const headers = { "Content-Type": "text/plain" };
      const answer = await this.net.fetch(this.origin + path, { method: "POST", body: text, headers, credentials: "omit", keepalive, signal: abort.signal });
      return { status: answer.status, text: await answer.text(), after: retryAfter(answer.headers.get("Retry-After"), this.net.now()) };
    } catch {
      return { status: 0, text: "", after: 0 };
    } finally {
      stop();
    }
  }

  /** Ask what may show; null when no usable answer came. */
  async boot(body: string, early: Promise<Answer> | null, current: () => boolean): Promise<Boot | null> {
    for (let tries = 0; tries < TRIES && current(); tries++) {
      const answer = await (early ?? this.post("/embed/v1/boot", body));
      early = null;
      const boot = answer.status === 200 ? readBoot(answer.text) : null;
      if (boot || lasting(answer.status)) return boot;
      await new Promise<void>((go) => this.net.later(go, 1000 * pause(tries, answer.after, this.net.random())));
    }
    return null;
  }

  async body(hash: string): Promise<unknown> {
    const answer = await this.net.fetch(`${this.origin}/embed/body/${encodeURIComponent(hash)}`, { credentials: "omit" });
    if (!answer.ok) throw new Error(`body ${answer.status}`);
    return answer.json();
  }

  send(who: Who, name: string, more: Partial<Happening> = {}, props: Facts = {}): void {
    if (!this.open()) return;
    const now = this.net.now();
    const event = { id: uuid7(now), name, ...more, at: new Date(now).toISOString(), props };
    note("event", event);
    this.outbox.add({ ...who, event, at: now });
    if (this.waiting || this.busy.size) return;
    if (this.next().length >= BATCH) void this.deliver();
    else if (!this.cancel) this.plan(EVERY);
  }

  /** Send what waits now: the person changes, or the page may go. */
  flush(): void {
    if (!this.waiting) void this.deliver();
  }

  /** The network is back, or it is worth another try. */
  wake(): void {
    this.tries = 0;
    void this.deliver();
  }

  /** The page goes: hand the rest to the browser. It stays in the outbox until acknowledged, so nothing can be lost. */
  leave(): void {
    const sent = new Set<string>();
    for (let batch = this.next(sent); this.open() && batch.length; batch = this.next(sent)) {
      batch.forEach(({ event }) => sent.add(event.id));
      try {
        if (!this.net.beacon(this.origin + "/embed/v1/events", this.envelope(batch))) return;
      } catch {
        return;
      }
    }
  }

  private plan(ms: number): void {
    this.cancel?.();
    this.cancel = this.net.later(() => void this.deliver(), ms);
  }

  private async deliver(): Promise<void> {
    if (this.busy.size || !this.open()) return;
    this.cancel?.();
    this.cancel = null;
    this.waiting = false;
    const batch = this.next();
    if (!batch.length) return;
    this.busy = new Set(batch.map(({ event }) => event.id));
    const answer = await this.post("/embed/v1/events", this.envelope(batch), true);
    const ids = [...this.busy];
    this.busy = new Set();
    this.settle(answer, ids, batch[0]!);
  }

  private settle({ status, text, after }: Answer, ids: string[], first: Entry): void {
    if (status !== 202 && !lasting(status)) {
      const wait = pause(this.tries++, after, this.net.random());
      this.waiting = true;
      if (status || this.tries < TRIES) this.plan(1000 * wait);
      return;
    }
    this.tries = 0;
    if (status === 401 || status === 403) {
      this.blocked.add(status === 401 ? "" : name(first));
    } else {
      if (status !== 202) this.dropped += ids.length;
      this.outbox.remove(ids);
      this.told(readAnswer(text));
    }
    if (this.next().length) void this.deliver();
  }

  /** The oldest events of one person that are not on their way, as many as fit. */
  private next(without: ReadonlySet<string> = new Set()): Entry[] {
    if (this.blocked.has("")) return [];
    const batch: Entry[] = [];
    let size = 0;
    for (const entry of this.outbox.list()) {
      const { id } = entry.event;
      if (this.busy.has(id) || without.has(id) || this.blocked.has(name(entry))) continue;
      if (batch[0] && name(batch[0]) !== name(entry)) continue;
      size += JSON.stringify(entry.event).length;
      if (batch.length >= 100 || (batch.length && size > LARGEST)) break;
      batch.push(entry);
    }
    return batch;
  }

  private envelope(batch: Entry[]): string {
    const { id, anonymous } = batch[0]!;
    const person = id === null ? null : { id, token: this.token(id) };
    const events = batch.map(({ event }) => event);
    return JSON.stringify({ schema: 1, environment: this.environment, person, anonymous: id === null ? anonymous : null, sent_at: new Date(this.net.now()).toISOString(), events });
  }
}

const name = ({ id, anonymous }: Who): string => (id === null ? "a:" + anonymous : "p:" + id);

function readBoot(text: string): Boot | null {
  const answer = readAnswer(text) as Partial<Boot>;
  return typeof answer.schema === "number" && Array.isArray(answer.guides) && answer.kinds ? (answer as Boot) : null;
}

function readAnswer(text: string): { off?: boolean } {
  try {
    const answer: unknown = text.length > 600_000 ? null : JSON.parse(text);
    return answer && typeof answer === "object" ? answer : {};
  } catch {
    return {};
  }
}
