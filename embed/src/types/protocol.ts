/** The wire format between the embed and the server. */

import type { Json } from "./kit";

export type { Json };
export type Facts = Record<string, Json>;
export type Rule = { [condition: string]: unknown } | null;
export type Lane = "focus" | "corner" | "inline";

export interface Options {
  /** Maps the page's address to the one that rules and events use. */
  urlFilter?: (url: string) => unknown;
  /** The host's router: goes to an address without reloading the page. */
  navigate?: (url: string) => unknown;
  scrollIntoView?: (element: Element) => unknown;
  /** How long to wait for a target. */
  targetMissingSeconds?: number;
  [name: string]: unknown;
}

export interface Progress {
  status: string;
  item: string | null;
  done: string[];
  /** What the kind remembers: the props of the latest state_saved. */
  state?: Facts;
  /** When it ended, in milliseconds, for guides that repeat after some days. */
  at?: number;
}

/** An event of track() by name, and a rule on its properties. */
export interface EventFilter {
  name: string;
  where?: Rule;
}

/** What starts a guide, beside its rule. */
export interface Trigger {
  event?: EventFilter;
  click?: unknown;
  /** Delay in seconds. */
  delay_seconds?: number;
  /** The event that cancels the delay. */
  cancel_event?: EventFilter;
}

/** One call of track(): name, properties, time, and the id of the person. */
export type TrackedEvent = [name: string, props: Facts, at: number, person: string | undefined];

/** What an event of a kind does to the progress: makes its item the current one, marks it as done, or takes that back. */
export type Effect = "reached" | "done" | "undone";

/** An item that may be for this person, with the conditions that the browser has to check. */
export interface DeliveredItem {
  key: string;
  rule?: Rule;
}

/** A rule that marks an item as done, or completes the guide where `item` is null. */
export interface DeliveredGoal {
  item: string | null;
  rule?: Rule;
  /** Counts only once the person has started the guide. */
  after_start?: boolean;
}

/** How a guide is listed in others. */
export interface Listing {
  title: string;
  summary?: string;
  image?: string;
  at?: string | null;
}

export interface Delivery {
  id: string;
  version: number;
  /** The chunks that its body needs, fetched in parallel with the renderer. */
  preload?: string[];
  /** The number of the live version, where the person has started an older one. */
  live_version?: number;
  kind: string;
  lane: Lane;
  priority: number;
  start: "auto" | "manual";
  frequency?: "once" | "until_finished" | "every_days" | "always";
  /** After how many days it repeats, counted from when it ended. */
  repeat_after_days?: number;
  trigger?: Trigger;
  rule?: Rule;
  body: unknown;
  body_hash?: string;
  /** Absent for kinds without items; empty when none is for this person. */
  items?: DeliveredItem[];
  goals?: DeliveredGoal[];
  progress: Progress | null;
}

export interface Theme {
  tokens?: Record<string, string>;
  scheme?: string;
}

export interface Boot {
  schema: number;
  revision?: number;
  person?: { id: string; verified?: boolean; attributes?: Facts } | null;
  locale?: string;
  theme?: Theme;
  strings?: Record<string, string>;
  identity?: { code: string } | null;
  off?: boolean;
  guides: Delivery[];
  kinds: Record<string, string>;
  /** For each kind, the effects of its events. */
  effects?: Record<string, Record<string, Effect>>;
  /** By the id of each guide that may be listed. */
  listings?: Record<string, Listing>;
}

export interface Person {
  id: string;
  attributes: Facts;
  token: string | null;
  user_hash: string | null;
}

export interface Company {
  id: string;
  attributes: Facts;
  membership: Facts;
  token: string | null;
}

export interface EventInput {
  id: string;
  name: string;
  guide?: string;
  version?: number;
  item?: string;
  at: string;
  props: Facts;
}
