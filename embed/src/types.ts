/** What travels between the embed and the server (contract, section 3). */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Facts = Record<string, Json>;
export type Rule = { [condition: string]: unknown } | null;
export type Lane = "focus" | "corner" | "inline";

export interface Progress {
  status: string;
  item: string | null;
  done: string[];
}

export interface Delivery {
  id: string;
  version: number;
  /** The version that is live, where the person is still in the middle of another. */
  newer?: number;
  kind: string;
  lane: Lane;
  priority: number;
  start: "auto" | "manual";
  frequency?: "once" | "until_finished" | "always";
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

export interface Happening {
  id: string;
  name: string;
  guide?: string;
  version?: number;
  item?: string;
  at: string;
  props: Facts;
}
