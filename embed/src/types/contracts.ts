/** What the built files ask of each other: the exports of every chunk of build/chunks.json, and what they hand over. */

import type { Action, RichText, Fingerprint, Target } from "bodies";
import type { Kit, Props, Rect, Showing, AnchorOptions, Surface, SurfaceOptions } from "./kit";
import type { Boot, Options, Rule, Theme } from "./protocol";

/** The exports of each chunk, by its name in build/chunks.json; tests/embed/chunks.test.ts checks that they have them. */
export interface Chunks {
  runtime: RuntimeChunk;
  kit: KitChunk;
  "guide-calls": GuideCallsChunk;
  "page-watcher": PageWatcherChunk;
  triggers: TriggersChunk;
  "deep-find": DeepFindChunk;
  picked: PickedChunk;
  "scored-match": ScoredMatchChunk;
  /** Asked for by the builder alone. */
  capture: object;
  richtext: RichTextChunk;
  contrast: ContrastChunk;
  "history-patch": HistoryPatchChunk;
  "host-dialogs": HostDialogsChunk;
  offscreen: OffscreenChunk;
  behaviors: BehaviorsChunk;
  layouts: StylesChunk;
  [strings: `strings-${string}`]: { default: Record<string, string> };
}

export interface RuntimeChunk {
  /** Called by the loader, once. */
  default(handover: Handover): void;
}

export interface KitChunk {
  createStage(look: Appearance): Stage;
}

/** Calls of window.handrail by their names. */
export interface GuideCallsChunk {
  calls: Record<string, (...args: never[]) => unknown>;
}

export interface PageWatcherChunk {
  /** Facts about this page beyond its address, for rules. */
  pageFacts(): object;
  /** Evaluate again when something that these rules look at may have changed. */
  watchRules(rules: readonly (Rule | undefined)[]): void;
}

export interface TriggersChunk {
  watch(): void;
}

export interface PickedChunk {
  /** The element, or null; `changed` is called when another answer may be there. */
  find(target: Target, changed: () => void): Element | null;
  /** How the latest search went, as props of an event. */
  describeSearch(target: Target): Props | undefined;
}

export interface DeepFindChunk extends PickedChunk {
  /** The box of an element within frames, and the part of the window in which it can be seen. */
  locate(element: Element): [Rect, Rect] | null;
}

export interface ScoredMatchChunk {
  /** Give way after each step; a search may take many. */
  search(print: Fingerprint, place: Document | ShadowRoot, strict?: number, refined?: SearchOptions | null): Generator<void, MatchResult>;
}

export interface RichTextChunk extends StylesChunk {
  renderText: RenderText;
  runAction(action: Action): void;
}

export interface ContrastChunk {
  /** Put a theme's tokens on the host element, as custom properties. */
  applyTokens(host: HTMLElement, tokens: [string, unknown][], isDark: boolean): void;
}

export interface HistoryPatchChunk {
  /** Hear of pushState and replaceState; hands back how to undo it. */
  patchHistory(): () => void;
}

export interface HostDialogsChunk {
  /** The host's dialog or popover in which our element has to be. */
  findDialogParent(element: Element): Element | undefined;
}

export interface OffscreenChunk {
  /** Scroll it into view. */
  scrollToElement(element: Element): void;
  /** Show where it is; hands back how to take that away. */
  showHint(root: ShadowRoot, element: Element): () => void;
}

export interface BehaviorsChunk extends StylesChunk, Required<Pick<KitExtensions, "prepare" | "surface" | "spotlight">> {}

/** A chunk with css for the shadow root. */
export interface StylesChunk {
  css: string;
}

/** Optional abilities of the kit: chunks loaded later register themselves here. */
export interface KitExtensions {
  renderText?: RenderText;
  /** Take part in one showing, before it is drawn. */
  prepare?(showing: Showing<unknown>, kit: Kit): Promise<void>;
  surface?(root: ShadowRoot, options: SurfaceOptions): Surface;
  /** A light that does more than the plain one, where that is asked for. */
  spotlight?(root: ShadowRoot, surface: Surface, standing: AnchorOptions): Spotlight | undefined;
}

export type RenderText = (doc: RichText, person: Record<string, unknown> | null | undefined, document: Document) => DocumentFragment;

/** Lights up these boxes, with corners that round; without a box it goes out. */
export type Spotlight = (boxes: readonly Rect[], round: number) => void;

/** Why no element was found. */
export type MissReason = "" | "no-candidate" | "below-threshold" | "ambiguous" | "hidden" | "bad-selector" | "unsupported";

export interface MatchResult {
  element: Element | null;
  reason: MissReason;
  score: number;
  margin: number;
  path: "fast" | "scored";
}

/** What the author says beyond the print: words of its row, folded, and which of several. */
export interface SearchOptions {
  row: string;
  nth: number;
}

/** One call made before the runtime came: name, arguments, and how to settle its promise. */
export type QueuedCall = [string, unknown[], ((value: unknown) => void)?];

/** A boot the loader asked for while the runtime was on its way. */
export interface PrefetchedBoot {
  /** The person and company it was asked for, as JSON. */
  who: string;
  anonymous: string;
  locale: string | null;
  at: number;
  answer: Promise<HttpResponse>;
}

/** What came of one request. */
export interface HttpResponse {
  /** 0 where no answer came. */
  status: number;
  text: string;
  /** Seconds asked for by Retry-After. */
  after: number;
}

/** What the loader gathered. */
export interface Handover {
  origin: string;
  environment: string | null;
  consent: string | null;
  queue: QueuedCall[];
  early: PrefetchedBoot | null;
}

/** How everything of ours should look and speak. */
export interface Appearance {
  locale: string;
  strings?: Record<string, string> | undefined;
  theme?: Theme | undefined;
  options?: Options;
}

/** What came of one boot: the answer, the guides of which it had not heard all, and when it was asked. */
export type BootResult = [boot: Boot, unheard: ReadonlySet<string | undefined>, since: number];

export interface Stage {
  receive(...received: BootResult): void;
  /** Show what may show now. */
  reschedule(): void;
  /** Another name for who is here; the same person or not. */
  switchIdentity(who: string, same?: boolean): void;
  /** Another tab may have ended what shows here. */
  syncTabs(): void;
  stateOf(id: string): string;
  itemOf(id: string): string | null;
  applyAppearance(look: Appearance): void;
}

export interface FullKit extends Kit {
  readonly root: ShadowRoot;
  /** Take a renderer's css into the shadow root, once. */
  addStylesheet(css: string): void;
  applyAppearance(look: Appearance): void;
}
