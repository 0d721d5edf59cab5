/** What this browser keeps: how far the person has come, and events not yet acknowledged. Works without storage. */

import type { Progress } from "./types";

/** Values under one prefix, in localStorage where that works, and in this page otherwise. */
export class Store {
  /** False until the person agreed, where consent is required: then nothing is written. */
  allowed = true;
  private readonly here = new Map<string, string>();

  prefix = "handrail:";

  constructor(private readonly area: () => Storage = () => localStorage) {}

  read(name: string): unknown {
    try {
      return JSON.parse(this.text(name) || "null");
    } catch {
      return null;
    }
  }

  /** False when it is kept in this page only. */
  write(name: string, value: unknown): boolean {
    const text = JSON.stringify(value);
    this.here.set(name, text);
    if (!this.allowed) return false;
    try {
      this.area().setItem(this.prefix + name, text);
      return true;
    } catch {
      return false;
    }
  }

  /** Remove every trace. */
  clear(): void {
    this.here.clear();
    try {
      const area = this.area();
      for (const name of Object.keys(area)) if (name === this.prefix || name.startsWith(this.prefix + ":")) area.removeItem(name);
    } catch {
      // nothing was kept
    }
  }

  private text(name: string): string | null {
    try {
      const kept = this.area().getItem(this.prefix + name);
      if (kept !== null) return kept;
    } catch {
      // what this page remembers must do
    }
    return this.here.get(name) ?? null;
  }
}

export interface Kept extends Progress {
  at: number;
  /** A mark of the address where the item was last on screen. */
  page?: string;
  until?: number;
}

export const isOver = ({ status }: Progress): boolean => status === "completed" || status === "dismissed";

const record = (value: unknown): Record<string, unknown> => (value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {});

/** Progress of one person on this browser; a dismissal holds at once, before the server knows. */
export class Memory {
  private who = "";
  private guides = new Map<string, Kept>();

  constructor(
    private readonly store: Store,
    private readonly now: () => number = Date.now,
  ) {}

  /** Turn to a person; what another left is forgotten, unless it was the same one before we knew the name. */
  turnTo(who: string, same = false): void {
    if (who === this.who) return;
    if (!same) this.guides = new Map();
    this.who = who;
    const kept = record(this.store.read(":guides"));
    if (kept["who"] === who) for (const [id, value] of Object.entries(record(kept["guides"]))) this.guides.set(id, sane(record(value)));
    if (same && this.guides.size) this.save();
  }

  /** Take over what another tab learned since; hands back the guides it ended. */
  refresh(): string[] {
    const kept = record(this.store.read(":guides"));
    const ended: string[] = [];
    if (kept["who"] !== this.who) return ended;
    for (const [id, value] of Object.entries(record(kept["guides"]))) {
      const theirs = sane(record(value));
      if (theirs.at <= (this.guides.get(id)?.at ?? 0)) continue;
      this.guides.set(id, theirs);
      if (isOver(theirs)) ended.push(id);
    }
    return ended;
  }

  get(id: string): Kept | undefined {
    return this.guides.get(id);
  }

  /** Fold one event in, whatever kind of guide it comes from. */
  note(id: string, name: string, item?: string, page?: string): void {
    const kept = this.take(id);
    if (name === "completed" || name === "dismissed") kept.status = name;
    else if (name === "shown") kept.status = "started";
    else if (item && name.endsWith("_shown")) Object.assign(kept, { item, page });
    else if (item && name.endsWith("_done") && !kept.done.includes(item)) kept.done.push(item);
    this.keep(id, kept);
  }

  begin(id: string): void {
    this.keep(id, { status: "started", item: null, done: [], at: 0 });
  }

  snooze(id: string, until: number): void {
    const kept = this.take(id);
    kept.until = until;
    this.keep(id, kept);
  }

  /** Take the server's word, keeping what only this browser knows. */
  accept(id: string, progress: Progress | null): Kept {
    const kept = sane({ ...record(progress), at: this.guides.get(id)?.at });
    const { page, until, item } = this.guides.get(id) ?? {};
    if (item === kept.item) kept.page = page;
    kept.until = until;
    this.guides.set(id, kept);
    return kept;
  }

  private take(id: string): Kept {
    return this.guides.get(id) ?? sane({});
  }

  private keep(id: string, kept: Kept): void {
    kept.at = this.now();
    this.guides.set(id, kept);
    this.save();
  }

  private save(): void {
    const latest = [...this.guides].sort((a, b) => b[1].at - a[1].at).slice(0, 100);
    this.store.write(":guides", { who: this.who, guides: Object.fromEntries(latest) });
  }
}

function sane(value: Record<string, unknown>): Kept {
  const text = (held: unknown): string | null => (typeof held === "string" ? held : null);
  const number = (held: unknown): number => (typeof held === "number" && held >= 0 ? held : 0);
  const done = Array.isArray(value["done"]) ? value["done"].filter((key): key is string => typeof key === "string").slice(0, 500) : [];
  return {
    status: text(value["status"]) ?? "",
    item: text(value["item"]),
    done,
    at: number(value["at"]),
    page: text(value["page"]) ?? undefined,
    until: number(value["until"]) || undefined,
  };
}
