/** What the kit asks of the runtime that loads it, and what the runtime asks of the kit. */

import type { Target } from "bodies";
import type { Facts, Theme } from "../types";
import type { Kit } from "./types";

export interface KitHost {
  find(target: Target, deep?: boolean): Element | null;
  visible(element: Element): boolean;
  /** Call back after the page's elements changed. */
  changes(changed: () => void): () => void;
  /** Attributes of the person, for names in texts. */
  known(): Facts;
  matches(pattern: string): boolean;
  onPage(changed: () => void): () => void;
}

/** How everything of ours should look and speak. */
export interface Look {
  locale: string | null;
  strings?: Record<string, string>;
  theme?: Theme;
  scheme?: string | null;
  zIndex?: number | null;
}

export interface FullKit extends Kit {
  readonly root: ShadowRoot;
  /** Take a renderer's css into the shadow root, once. */
  adopt(css: string): void;
  dress(look: Look): void;
  close(): void;
}
