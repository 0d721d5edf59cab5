/** Which guides are delivered, on screen, or over on this page. */

import type { Command } from "../types/kit";
import type { Delivery, Lane } from "../types/protocol";
import { getProgress } from "./progress";

export interface StartOptions {
  item?: string;
  /** The person or the host wants it: it may take the focus. */
  mayFocus?: boolean;
  /** From the start, whatever was done. */
  restart?: boolean;
}

export interface ActiveShowing {
  guide: Delivery;
  /** Nothing of it is on screen for now. */
  isIdle?: boolean;
  /** Where it is, as this page knows. */
  item?: string | null;
  undo?: () => void;
  dismiss?: (reason: string) => void;
  command?: (command: Command) => void;
}

export const guides = new Map<string, Delivery>();
export const showings = new Map<string, ActiveShowing>();
/** Over on this page, or broken: not shown again by itself before a reload. */
export const closedHere = new Set<string>();

export const stateOf = (id: string): string => (showings.has(id) ? "shown" : getProgress(id).status || "waiting");

/** Who holds which lane, but for one guide. */
export const occupiedLanes = (but?: Delivery): Map<Lane, Delivery> => new Map([...showings.values()].filter(({ guide, isIdle }) => !isIdle && guide !== but).map(({ guide }) => [guide.lane, guide]));

/** Whoever holds the lane makes room, and comes back when it is free again; unless another was asked for: then it is over. */
export function freeLane(guide: Delivery, asked?: boolean): void {
  const other = guide.lane !== "inline" && occupiedLanes(guide).get(guide.lane);
  if (other) ((asked && showings.get(other.id)!.dismiss) || (() => endShowing(other.id, true)))("replaced");
}

/** Take it off the screen without a word; it may return only when that is said. */
export function endShowing(id: string, returns?: boolean): void {
  const entry = showings.get(id);
  if (!entry) return;
  showings.delete(id);
  if (!returns) closedHere.add(id);
  entry.undo?.();
}
