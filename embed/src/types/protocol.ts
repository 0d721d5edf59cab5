/** What travels between the embed and the server (contract, section 3). */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Facts = Record<string, Json>;
export type Rule = { [condition: string]: unknown } | null;
export type Lane = "focus" | "corner" | "inline";

export interface Options {
  /** What the page's address should read as. */
  urlFilter?: (url: string) => unknown;
  /** Goes to an address in the same tab, without loading the page anew. */
  navigate?: (url: string) => unknown;
  scrollIntoView?: (element: Element) => unknown;
  /** How long an element is waited for. */
  targetMissingSeconds?: number;
  [name: string]: unknown;
}

export interface Progress {
  status: string;
  item: string | null;
  done: string[];
  /** When it ended, in milliseconds, where it may come again some days later. */
  at?: number;
}

/** An event of the page that is waited for, and what must hold for its properties. */
export interface EventFilter {
  name: string;
  where?: Rule;
}

/** What starts a guide but its rule. */
export interface Trigger {
  event?: EventFilter;
  click?: unknown;
  /** Seconds from then on. */
  delay?: number;
  /** Calls it off meanwhile. */
  cancel?: EventFilter;
}

/** One call of track(): name, properties, when, and who was known then. */
export type TrackedEvent = [name: string, props: Facts, at: number, person: string | undefined];

export interface Delivery {
  id: string;
  version: number;
  /** Chunks that its body needs besides the renderer, to be fetched beside it. */
  preload?: string[];
  /** The version that is live, where the person is still in the middle of another. */
  newer?: number;
  kind: string;
  lane: Lane;
  priority: number;
  start: "auto" | "manual";
  frequency?: "once" | "until_finished" | "every_days" | "always";
  /** After how many days it comes again, counted from when it ended. */
  days?: number;
  trigger?: Trigger;
  rule?: Rule;
  body: unknown;
  body_hash?: string;
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
