/** What the kit asks of the runtime that loads it, and what the runtime asks of the kit. */

import type * as hooks from "../hooks";
import type * as pages from "../page";
import type * as rules from "../rules";
import type * as stores from "../store";
import type * as transport from "../transport";
import type { Boot, Facts, Json, Theme } from "../types";
import type { Kit } from "./types";

export interface Core {
  readonly origin: string;
  readonly page: { readonly url: string; readonly since: number };
  readonly onPage: typeof pages.onPage;
  readonly matchesPage: typeof rules.matchesPage;
  readonly settle: typeof rules.settle;
  readonly send: typeof transport.send;
  readonly read: typeof stores.read;
  readonly write: typeof stores.write;
  readonly on: typeof hooks.on;
  readonly off: typeof hooks.off;
  readonly tell: typeof hooks.tell;
  /** Whose progress this is. */
  whoKey(): string;
  /** Attributes of the person, for names in texts. */
  known(): Facts;
  /** Load another file of this build. */
  load(file: string): Promise<unknown>;
  rendererUrl(kind: string): string;
  /** Ask the server for a guide that the last boot did not bring. */
  fetchBoot(guide: string): Promise<boolean>;
}

/** How everything of ours should look and speak. */
export interface Look {
  locale: string;
  strings?: Record<string, string> | undefined;
  theme?: Theme | undefined;
  options?: Record<string, Json | undefined>;
}

/** What came of one boot: the answer, the guides of which it had not heard all, and when it was asked. */
export type Received = [boot: Boot, unheard: ReadonlySet<string | undefined>, since: number];

export interface Stage {
  receive(...received: Received): void;
  /** Show what may show now. */
  ask(): void;
  /** Another name for who is here; the same person or not. */
  turnTo(who: string, same?: boolean): void;
  /** Another tab may have ended what shows here. */
  sync(): void;
  stateOf(id: string): string;
  itemOf(id: string): string | null;
  call(name: string, args: unknown[]): unknown;
  dress(look: Look): void;
  close(): void;
}

export interface FullKit extends Kit {
  readonly root: ShadowRoot;
  /** Take a renderer's css into the shadow root, once. */
  adopt(css: string): void;
  dress(look: Look): void;
  close(): void;
}
