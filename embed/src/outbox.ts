/** Events that the server has not acknowledged; they survive a reload. */

import type { Store } from "./memory";
import type { Happening } from "./types";

export interface Who {
  id: string | null;
  anonymous: string | null;
}

export interface Entry extends Who {
  event: Happening;
  at: number;
}

const MOST = 500;
const BYTES = 256 * 1024;
const AGE = 7 * 864e5;

export class Outbox {
  private entries: Entry[] = [];
  private readonly gone = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {}

  add(entry: Entry): void {
    this.entries = [...this.list(), entry].slice(-MOST);
    this.save();
  }

  /** Everything that waits, ours and what other tabs and earlier pages left, oldest first. */
  list(): Entry[] {
    const kept = this.store.read(":out");
    const known = new Map(this.entries.map((entry) => [entry.event.id, entry]));
    for (const entry of Array.isArray(kept) ? kept : []) if (isEntry(entry) && !known.has(entry.event.id)) known.set(entry.event.id, entry);
    const oldest = this.now() - AGE;
    this.entries = [...known.values()].filter(({ event, at }) => at > oldest && !this.gone.has(event.id)).sort((a, b) => (a.event.id < b.event.id ? -1 : 1));
    return this.entries;
  }

  remove(ids: readonly string[]): void {
    ids.forEach((id) => this.gone.add(id));
    this.list();
    this.save();
  }

  clear(): void {
    this.entries = [];
  }

  private save(): void {
    let kept = this.entries;
    while (kept.length && JSON.stringify(kept).length > BYTES) kept = kept.slice(Math.ceil(kept.length / 4));
    // a full storage loses the newest first, the page keeps them all
    while (!this.store.write(":out", kept) && this.store.allowed && kept.length > 1) kept = kept.slice(0, kept.length >> 1);
  }
}

function isEntry(value: unknown): value is Entry {
  const { event, at, id, anonymous } = (value || {}) as Partial<Entry>;
  const named = typeof id === "string" || typeof anonymous === "string";
  return named && typeof at === "number" && typeof event?.id === "string" && typeof event.name === "string";
}
