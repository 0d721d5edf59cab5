/** How far the person has come, as this browser knows it; a dismissal holds at once, before the server knows. */

import { read, write } from "../core/exports";
import type { Progress } from "../types/protocol";

export interface Kept extends Progress {
  at: number;
  /** A mark of the address where the item was last on screen; empty once it is done. */
  page?: string;
  /** Snoozed until then. */
  until?: number;
}

type Guides = Record<string, Kept>;

const fresh = { status: "", item: null, done: [] as string[], page: "" };
let who = "";
let guides: Guides = {};

export const recall = (id: string): Kept => (Object.hasOwn(guides, id) ? guides[id]! : { ...fresh, at: 0 });
export const isOver = ({ status }: Pick<Progress, "status">): boolean => status === "completed" || status === "dismissed";
export const isBegun = (id: string): boolean => recall(id).status === "started";

/** Turn to a person; what another left is forgotten, unless it was the same one before we knew the name. */
export function turnMemory(next: string, same?: boolean): void {
  if (next === who) return;
  who = next;
  guides = { ...load(), ...(same && guides) };
}

/** Take over what another tab learned since; within one millisecond it may have ended a guide. */
export function syncMemory(): void {
  for (const [id, kept] of Object.entries(load())) if (kept.at >= recall(id).at) guides[id] = kept;
}

/** Take the server's word, keeping what only this browser knows. */
export function accept(id: string, progress: Progress | null): void {
  guides[id] = { ...recall(id), ...fresh, page: recall(id).page!, ...progress };
}

export function remember(id: string, changes?: Partial<Kept>): void {
  guides[id] = { ...recall(id), ...(changes ?? fresh), at: Date.now() };
  write(":guides", { who, guides: Object.fromEntries(Object.entries(guides).slice(-100)) });
}

/** Fold one event in, whatever kind of guide it comes from. */
export function fold(id: string, name: string, item?: string, page?: string): void {
  if (name === "shown") remember(id, { status: "started" });
  else if (isOver({ status: name })) remember(id, { status: name });
  else if (item && /_shown$/.test(name)) remember(id, { item, page: page! });
  else if (item && /_done$/.test(name)) remember(id, { page: "", done: [...new Set([...recall(id).done, item])] });
}

function load(): Guides {
  const kept = read(":guides") as { who?: unknown; guides?: Guides } | null;
  const entries = kept?.who === who ? Object.entries(kept.guides ?? {}) : [];
  return Object.fromEntries(entries.filter(([, value]) => value?.at > 0 && typeof value.status === "string" && Array.isArray(value.done)));
}
