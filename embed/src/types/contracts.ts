/** What the built files ask of each other: the exports of every chunk of build/chunks.json, and what they hand over. */

import type { Action, RichText, Fingerprint, Target } from "bodies";
import type { Kit, Props, Rect, Showing, Standing, Surface, SurfaceOptions } from "./kit";
import type { Boot, Options, Rule, Theme } from "./protocol";

/** The exports of each chunk, by its name in build/chunks.json; tests/embed/chunks.test.ts checks that they have them. */
export interface Chunks {
  runtime: RuntimeChunk;
  kit: KitChunk;
  "guide-calls": CallsChunk;
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
  createStage(look: Look): Stage;
}

/** Calls of window.handrail by their names. */
export interface CallsChunk {
  calls: Record<string, (...args: never[]) => unknown>;
}

export interface PageWatcherChunk {
  /** Facts about this page beyond its address, for rules. */
  pageFacts(): object;
  /** Evaluate again when something that these rules look at may have changed. */
  listenFor(rules: readonly (Rule | undefined)[]): void;
}

export interface TriggersChunk {
  watch(): void;
}

export interface PickedChunk {
  /** The element, or null; `changed` is called when another answer may be there. */
  find(target: Target, changed: () => void): Element | null;
  /** How the latest search went, as props of an event. */
  say(target: Target): Props | undefined;
}

export interface DeepFindChunk extends PickedChunk {
  /** The box of an element within frames, and the part of the window in which it can be seen. */
  whereIs(element: Element): [Rect, Rect] | null;
}

export interface ScoredMatchChunk {
  /** Give way after each step; a search may take many. */
  search(print: Fingerprint, place: Document | ShadowRoot, strict?: number, refined?: Refined | null): Generator<void, Resolution>;
}

export interface RichTextChunk extends StylesChunk {
  renderText: RenderText;
  act(action: Action): void;
}

export interface ContrastChunk {
  /** Put a theme's tokens on the host element, as custom properties. */
  wear(host: HTMLElement, tokens: [string, unknown][], isDark: boolean): void;
}

export interface HistoryPatchChunk {
  /** Hear of pushState and replaceState; hands back how to undo it. */
  wrap(): () => void;
}

export interface HostDialogsChunk {
  /** The host's dialog or popover in which our element has to be. */
  parentOf(element: Element): Element | undefined;
}

export interface OffscreenChunk {
  /** Scroll it into view. */
  reveal(element: Element): void;
  /** Show where it is; hands back how to take that away. */
  point(root: ShadowRoot, element: Element): () => void;
}

export interface BehaviorsChunk extends StylesChunk, Required<Pick<Learned, "begin" | "surface" | "light">> {}

/** A chunk with css for the shadow root. */
export interface StylesChunk {
  css: string;
}

/** Optional abilities of the kit: chunks loaded later register themselves here. */
export interface Learned {
  renderText?: RenderText;
  /** Take part in one showing, before it is drawn. */
  begin?(showing: Showing<unknown>, kit: Kit): Promise<void>;
  surface?(root: ShadowRoot, options: SurfaceOptions): Surface;
  /** A light that does more than the plain one, where that is asked for. */
  light?(root: ShadowRoot, surface: Surface, standing: Standing): Light | undefined;
}

export type RenderText = (doc: RichText, person: Record<string, unknown> | null | undefined, document: Document) => DocumentFragment;

/** Lights up these boxes, with corners that round; without a box it goes out. */
export type Light = (boxes: readonly Rect[], round: number) => void;

/** Why no element was found. */
export type Reason = "" | "no-candidate" | "below-threshold" | "ambiguous" | "hidden" | "bad-selector" | "unsupported";

export interface Resolution {
  element: Element | null;
  reason: Reason;
  score: number;
  margin: number;
  path: "fast" | "scored";
}

/** What the author says beyond the print: words of its row, folded, and which of several. */
export interface Refined {
  row: string;
  nth: number;
}

/** One call made before the runtime came: name, arguments, and how to settle its promise. */
export type Queued = [string, unknown[], ((value: unknown) => void)?];

/** A boot the loader asked for while the runtime was on its way. */
export interface Early {
  /** The person and company it was asked for, as JSON. */
  who: string;
  anonymous: string;
  locale: string | null;
  at: number;
  answer: Promise<Answer>;
}

/** What came of one request. */
export interface Answer {
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
  queue: Queued[];
  early: Early | null;
}

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
