/** What the runtime asks of the kit. */

import type { Boot, Options, Theme } from "./protocol";
import type { Kit } from "./kit";

/** How everything of ours should look and speak. */
export interface Look {
  locale: string;
  strings?: Record<string, string> | undefined;
  theme?: Theme | undefined;
  options?: Options;
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
  dress(look: Look): void;
}

export interface FullKit extends Kit {
  readonly root: ShadowRoot;
  /** Take a renderer's css into the shadow root, once. */
  adopt(css: string): void;
  dress(look: Look): void;
}
