/** The person's progress as this browser knows it: a dismissal counts at once, before the server has it. */

import { read, write } from "../core/exports";
import type { Facts, Progress } from "../types/protocol";

export interface StoredProgress extends Progress {
  at: number;
  /** The hash of the address where the item was last shown; empty once it is done. */
  page?: string;
  /** The end of a snooze, in milliseconds. */
  until?: number;
}

/** One event of a guide; `page` is the hash of the address it happened on. */
export interface ProgressEvent {
  name: string;
  item?: string | undefined;
  props?: Facts;
  page?: string;
}

type Guides = Record<string, StoredProgress>;

const EMPTY = { status: "", item: null, done: [] as string[], state: undefined as Facts | undefined };
let owner = "";
let progressByGuide: Guides = {};
/** Called after the progress of any guide may have changed. */
export const progressListeners = new Set<() => void>();

export const getProgress = (id: string): StoredProgress => ({ ...EMPTY, at: 0, ...progressByGuide[id] });
export const isFinished = (status: string): boolean => /^(completed|dismissed)$/.test(status);
export const isStarted = (id: string): boolean => getProgress(id).status === "started";

/** Switches to another person's progress; an anonymous person who signs in keeps theirs. */
export function switchOwner(nextOwner: string, isSamePerson?: boolean): void {
  if (nextOwner === owner) return;
  owner = nextOwner;
  progressByGuide = { ...loadStored(), ...(isSamePerson && progressByGuide) };
}

/** Takes over newer progress from other tabs; on the same millisecond theirs counts. */
export function mergeFromOtherTabs(): void {
  for (const [id, stored] of Object.entries(loadStored())) if (stored.at >= getProgress(id).at) setProgress(id, stored);
}

/** Takes over the server's progress, except for what only this browser knows. */
export function acceptProgress(id: string, progress: Progress | null): void {
  setProgress(id, { ...getProgress(id), ...EMPTY, ...progress });
}

export function saveProgress(id: string, changes: Partial<StoredProgress> = { ...EMPTY, page: "" }): void {
  setProgress(id, { ...getProgress(id), ...changes, at: Date.now() });
  write(":guides", { who: owner, guides: Object.fromEntries(Object.entries(progressByGuide).slice(-100)) });
}

/** What one event changes in the progress; the server's half is guides/progress/fold.py, tests/shared_cases/progress.json holds for both. */
export function fold({ status, done }: StoredProgress, { name, item, props, page = "" }: ProgressEvent, effects?: Record<string, string>, items?: readonly { key: string }[]): Partial<StoredProgress> {
  if (name === "shown") return status === "started" ? {} : { ...EMPTY, status: "started" };
  if (name === "state_saved") return { state: props! };
  if (isFinished(name)) return status === "completed" ? {} : { status: name };
  if (!items?.some(({ key }) => key === item)) return {};
  const effect = name === "goal_reached" ? "done" : effects?.[name];
  if (effect === "reached") return { item: item!, page };
  if (effect === "done") return { page: "", done: [...new Set([...done, item!])] };
  return effect === "undone" ? { done: done.filter((key) => key !== item) } : {};
}

function setProgress(id: string, progress: StoredProgress): void {
  progressByGuide[id] = progress;
  progressListeners.forEach((changed) => changed());
}

function loadStored(): Guides {
  const stored = read(":guides") as { who?: unknown; guides?: Guides } | null;
  const entries = stored?.who === owner ? Object.entries(stored.guides ?? {}) : [];
  return Object.fromEntries(entries.filter(([, value]) => value?.at > 0 && typeof value.status === "string" && Array.isArray(value.done)));
}
