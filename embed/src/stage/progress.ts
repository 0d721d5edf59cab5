/** How far the person has come, as this browser knows it; a dismissal holds at once, before the server knows. */

import { read, write } from "../core/exports";
import type { Progress } from "../types/protocol";

export interface StoredProgress extends Progress {
  at: number;
  /** A mark of the address where the item was last on screen; empty once it is done. */
  page?: string;
  /** Snoozed until then. */
  until?: number;
}

type Guides = Record<string, StoredProgress>;

const EMPTY = { status: "", item: null, done: [] as string[], page: "" };
let owner = "";
let progressByGuide: Guides = {};

export const getProgress = (id: string): StoredProgress => (Object.hasOwn(progressByGuide, id) ? progressByGuide[id]! : { ...EMPTY, at: 0 });
export const isFinished = ({ status }: Pick<Progress, "status">): boolean => status === "completed" || status === "dismissed";
export const isStarted = (id: string): boolean => getProgress(id).status === "started";

/** Turn to a person; what another left is forgotten, unless it was the same one before we knew the name. */
export function switchOwner(nextOwner: string, isSamePerson?: boolean): void {
  if (nextOwner === owner) return;
  owner = nextOwner;
  progressByGuide = { ...loadStored(), ...(isSamePerson && progressByGuide) };
}

/** Take over what another tab learned since; within one millisecond it may have ended a guide. */
export function mergeFromOtherTabs(): void {
  for (const [id, stored] of Object.entries(loadStored())) if (stored.at >= getProgress(id).at) progressByGuide[id] = stored;
}

/** Take the server's word, keeping what only this browser knows. */
export function acceptProgress(id: string, progress: Progress | null): void {
  progressByGuide[id] = { ...getProgress(id), ...EMPTY, page: getProgress(id).page!, ...progress };
}

export function saveProgress(id: string, changes?: Partial<StoredProgress>): void {
  progressByGuide[id] = { ...getProgress(id), ...(changes ?? EMPTY), at: Date.now() };
  write(":guides", { who: owner, guides: Object.fromEntries(Object.entries(progressByGuide).slice(-100)) });
}

/** Fold one event in, whatever kind of guide it comes from. */
export function applyEvent(id: string, name: string, item?: string, page?: string): void {
  if (name === "shown") saveProgress(id, { status: "started" });
  else if (isFinished({ status: name })) saveProgress(id, { status: name });
  else if (item && /_shown$/.test(name)) saveProgress(id, { item, page: page! });
  else if (item && /_done$/.test(name)) saveProgress(id, { page: "", done: [...new Set([...getProgress(id).done, item])] });
}

function loadStored(): Guides {
  const stored = read(":guides") as { who?: unknown; guides?: Guides } | null;
  const entries = stored?.who === owner ? Object.entries(stored.guides ?? {}) : [];
  return Object.fromEntries(entries.filter(([, value]) => value?.at > 0 && typeof value.status === "string" && Array.isArray(value.done)));
}
