/** The person's progress as this browser knows it: a dismissal counts at once, before the server has it. */

import { read, write } from "../core/exports";
import type { Progress } from "../types/protocol";

export interface StoredProgress extends Progress {
  at: number;
  /** The hash of the address where the item was last shown; empty once it is done. */
  page?: string;
  /** The end of a snooze, in milliseconds. */
  until?: number;
}

type Guides = Record<string, StoredProgress>;

const EMPTY = { status: "", item: null, done: [] as string[], page: "" };
let owner = "";
let progressByGuide: Guides = {};

export const getProgress = (id: string): StoredProgress => (Object.hasOwn(progressByGuide, id) ? progressByGuide[id]! : { ...EMPTY, at: 0 });
export const isFinished = ({ status }: Pick<Progress, "status">): boolean => status === "completed" || status === "dismissed";
export const isStarted = (id: string): boolean => getProgress(id).status === "started";

/** Switches to another person's progress; an anonymous person who signs in keeps theirs. */
export function switchOwner(nextOwner: string, isSamePerson?: boolean): void {
  if (nextOwner === owner) return;
  owner = nextOwner;
  progressByGuide = { ...loadStored(), ...(isSamePerson && progressByGuide) };
}

/** Takes over newer progress from other tabs; on the same millisecond theirs counts. */
export function mergeFromOtherTabs(): void {
  for (const [id, stored] of Object.entries(loadStored())) if (stored.at >= getProgress(id).at) progressByGuide[id] = stored;
}

/** Takes over the server's progress, except for what only this browser knows. */
export function acceptProgress(id: string, progress: Progress | null): void {
  progressByGuide[id] = { ...getProgress(id), ...EMPTY, page: getProgress(id).page!, ...progress };
}

export function saveProgress(id: string, changes?: Partial<StoredProgress>): void {
  progressByGuide[id] = { ...getProgress(id), ...(changes ?? EMPTY), at: Date.now() };
  write(":guides", { who: owner, guides: Object.fromEntries(Object.entries(progressByGuide).slice(-100)) });
}

/** Applies one event of any kind to the progress. */
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
