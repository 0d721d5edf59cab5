/** Which guides are delivered, on screen, or closed on this page. */

import type { Delivery, Facts, Json, Lane } from "../types/protocol";
import { getProgress } from "./progress";

export interface StartOptions {
  item?: string;
  /** The person or the host asked for it: it may take the focus. */
  mayFocus?: boolean;
  /** From the start, whatever the progress. */
  restart?: boolean;
}

export interface ActiveShowing {
  guide: Delivery;
  /** Nothing of it is on screen for now; its lane is free. */
  isIdle?: boolean;
  /** The item it shows, as this page knows. */
  item?: string | null;
  undo?: () => void;
  /** Ends it with "completed" or "dismissed". */
  finish?: (name: string, props?: Facts) => void;
  command?: (name: string, args: Json) => unknown;
}

export const guides = new Map<string, Delivery>();
export const showings = new Map<string, ActiveShowing>();
/** Closed on this page, or broken: not shown again before a reload, unless started. */
export const closedHere = new Set<string>();

export const stateOf = (id: string): string => (showings.has(id) ? "shown" : getProgress(id).status || "waiting");

/** The guide in each occupied lane, other than one guide. */
export const occupiedLanes = (but?: Delivery): Map<Lane, Delivery> => new Map([...showings.values()].filter(({ guide, isIdle }) => !isIdle && guide !== but).map(({ guide }) => [guide.lane, guide]));

/** Takes the guide that occupies the lane off the screen until it is free again; dismisses it if the new one was asked for. */
export function freeLane(guide: Delivery, asked?: boolean): void {
  const other = guide.lane !== "inline" && occupiedLanes(guide).get(guide.lane);
  if (other) ((asked && showings.get(other.id)!.finish) || (() => endShowing(other.id, true)))("dismissed", { reason: "replaced" });
}

/** Takes a guide off the screen without an event; with `returns` it may show again. */
export function endShowing(id: string, returns?: boolean): void {
  const entry = showings.get(id);
  if (!entry) return;
  showings.delete(id);
  if (!returns) closedHere.add(id);
  entry.undo?.();
}
