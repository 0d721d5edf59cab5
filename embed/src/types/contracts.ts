/** The exports of every chunk of build/chunks.json, and the types that cross between chunks. */

import type { Action, RichText, Fingerprint, Target } from "bodies";
import type { Kit, Strings, Props, Rect, Showing, AnchorOptions, Surface, SurfaceOptions } from "./kit";
import type { Boot, Delivery, Options, Rule, Theme } from "./protocol";

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
  /** Used by the element picker only. */
  capture: object;
  richtext: RichTextChunk;
  contrast: ContrastChunk;
  "history-patch": HistoryPatchChunk;
  "host-dialogs": HostDialogsChunk;
  offscreen: OffscreenChunk;
  behaviors: BehaviorsChunk;
  body: BodyChunk;
  words: WordsChunk;
  items: ItemsChunk;
  goals: GoalsChunk;
  mount: MountChunk;
  layouts: StylesChunk;
  [strings: `strings-${string}`]: { default: Record<string, string> };
}

export interface RuntimeChunk {
  /** Called by the loader, once. */
  default(handover: Handover): void;
}

export interface KitChunk {
  createStage(appearance: Appearance): Stage;
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
  /** The outcome of the latest search, as props of an event. */
  describeSearch(target: Target): Props | undefined;
}

export interface DeepFindChunk extends PickedChunk {
  /** The box of an element within frames, and the part of the window in which it can be seen. */
  locate(element: Element): [Rect, Rect] | null;
}

export interface ScoredMatchChunk {
  /** A generator that yields every few milliseconds of work. */
  search(fingerprint: Fingerprint, place: Document | ShadowRoot, strict?: number, refined?: SearchOptions | null): Generator<void, MatchResult>;
}

export interface RichTextChunk extends StylesChunk {
  renderText: RenderText;
  drawText(doc: RichText): DocumentFragment;
  redrawTexts(): void;
  runAction(action: Action): void;
}

export interface ContrastChunk extends StylesChunk {
  /** Applies a theme's tokens to our element as custom properties. */
  applyTokens(host: HTMLElement, tokens: [string, unknown][], isDark: boolean): void;
}

export interface HistoryPatchChunk {
  /** Notices pushState and replaceState; returns how to undo that. */
  patchHistory(): () => void;
}

export interface HostDialogsChunk {
  /** The host's dialog or popover that our element has to be in. */
  findDialogParent(element: Element): Element | undefined;
}

export interface OffscreenChunk {
  /** Scrolls an element into view. */
  scrollToElement(element: Element): void;
  /** Shows a hint that points to an element out of sight; returns how to remove it. */
  showHint(root: ShadowRoot, element: Element): () => void;
}

export interface BehaviorsChunk extends StylesChunk, Required<Pick<KitExtensions, "surface" | "spotlight">> {}

export interface BodyChunk {
  fetchBody(guide: Delivery): Promise<unknown>;
}

export interface WordsChunk {
  withStrings<K extends Kit>(kit: K, strings: Strings, locale: string): K;
}

export interface ItemsChunk extends Required<Pick<KitExtensions, "applyConditions">> {}

export interface GoalsChunk extends Required<Pick<KitExtensions, "checkGoals">> {}

export interface MountChunk extends StylesChunk, Required<Pick<KitExtensions, "extendKit">> {}

/** A chunk with css for the shadow root. */
export interface StylesChunk {
  css: string;
}

/** Optional abilities of the kit: chunks loaded later register themselves here. */
export interface KitExtensions {
  /** Draws any rich text; without it only plain paragraphs are drawn. */
  drawText?(doc: RichText): DocumentFragment;
  /** Draws texts again that mention the person. */
  redrawTexts?(): void;
  /** Limits a showing to the items whose conditions hold; settles once their elements can be found. */
  applyConditions?(showing: Showing<unknown>): Promise<void>;
  /** Reports the goals of all guides whose rules hold now; returns the rules of the others. */
  checkGoals?(): (Rule | undefined)[];
  /** Adds what needs Feature.MOUNT to the kit. */
  extendKit?(kit: FullKit): void;
  surface?(root: ShadowRoot, options: SurfaceOptions): Surface;
  /** A spotlight for several elements or one that blocks clicks; undefined where the plain one does. */
  spotlight?(root: ShadowRoot, surface: Surface, options: AnchorOptions): Spotlight | undefined;
}

export type RenderText = (doc: RichText, person: Record<string, unknown> | null | undefined, document: Document) => DocumentFragment;

/** Lights up these boxes, with this corner radius; none turns it off. */
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

/** What the author adds to a fingerprint: normalized text of the row, and the position among several. */
export interface SearchOptions {
  row: string;
  nth: number;
}

/** A call made before the runtime was loaded: name, arguments, and how to settle its promise. */
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

/** The answer to one request. */
export interface HttpResponse {
  /** 0 where no answer came. */
  status: number;
  text: string;
  /** Seconds asked for by Retry-After. */
  after: number;
}

/** What the loader passes to the runtime. */
export interface Handover {
  origin: string;
  environment: string | null;
  consent: string | null;
  queue: QueuedCall[];
  early: PrefetchedBoot | null;
}

/** The theme, language and host options that apply now. */
export interface Appearance {
  locale: string;
  strings?: Record<string, string> | undefined;
  theme?: Theme | undefined;
  options?: Options;
}

/** A boot: the answer, the guides with events unsent at that time, and when it was requested. */
export type BootResult = [boot: Boot, unheard: ReadonlySet<string | undefined>, since: number];

export interface Stage {
  receive(...received: BootResult): void;
  /** Shows what may show now. */
  reschedule(): void;
  /** The identity changed; to the same person under a name, or to another one. */
  switchIdentity(who: string, same?: boolean): void;
  /** Takes over progress from other tabs. */
  syncTabs(): void;
  stateOf(id: string): string;
  itemOf(id: string): string | null;
  applyAppearance(appearance: Appearance): void;
}

export interface FullKit extends Kit {
  readonly root: ShadowRoot;
  /** Adds a renderer's css to the shadow root, once. */
  addStylesheet(css: string): void;
  applyAppearance(appearance: Appearance): void;
}
