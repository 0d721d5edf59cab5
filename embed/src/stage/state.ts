/** Which guides are delivered, on screen, or over on this page. */

import type { Command } from "../types/kit";
import type { Delivery, Lane } from "../types/protocol";
import { recall } from "./progress";

export interface Begin {
  item?: string;
  /** The person or the host wants it: it may take the focus. */
  asked?: boolean;
  /** From the start, whatever was done. */
  again?: boolean;
}

export interface Shown {
  guide: Delivery;
  /** Nothing of it is on screen for now. */
  resting?: boolean;
  /** Where it is, as this page knows. */
  item?: string | null;
  undo?: () => void;
  dismiss?: (reason: string) => void;
  command?: (command: Command) => void;
}

export const guides = new Map<string, Delivery>();
export const shown = new Map<string, Shown>();
/** Over on this page, or broken: not shown again by itself before a reload. */
export const ended = new Set<string>();

export const stateOf = (id: string): string => (shown.has(id) ? "shown" : recall(id).status || "waiting");

/** Who holds which lane, but for one guide. */
export const lanes = (but?: Delivery): Map<Lane, Delivery> => new Map([...shown.values()].filter(({ guide, resting }) => !resting && guide !== but).map(({ guide }) => [guide.lane, guide]));

/** Whoever holds the lane makes room, and comes back when it is free again; unless another was asked for: then it is over. */
export function yieldLane(guide: Delivery, asked?: boolean): void {
  const other = guide.lane !== "inline" && lanes(guide).get(guide.lane);
  if (other) ((asked && shown.get(other.id)!.dismiss) || (() => end(other.id, true)))("replaced");
}

/** Take it off the screen without a word; it may return only when that is said. */
export function end(id: string, returns?: boolean): void {
  const entry = shown.get(id);
  if (!entry) return;
  shown.delete(id);
  if (!returns) ended.add(id);
  entry.undo?.();
}
