/** What a renderer is handed: one showing of one guide, and the kit to draw it with. Renderers import only these types. */

import type { Action, RichText, Target } from "bodies";

export type Props = Record<string, string | number | boolean | null>;
export type Child = Node | string | null | undefined | false;
/** A box in the coordinates of the window. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}
export type Side = "auto" | "top" | "bottom" | "start" | "end";

/** What the host page asked through next(), back() and goTo(). */
export interface Command {
  do: "next" | "back" | "goTo";
  item?: string;
}

/** One showing of one guide to one person on this page. */
export interface Showing<Body> {
  readonly id: string;
  readonly body: Body;
  /** The item to go on with, or null to begin. */
  readonly item: string | null;
  /** Keys of steps, tasks or questions already behind us. */
  readonly done: ReadonlySet<string>;
  /** True when the address changed since the item was last on screen, on an earlier page load. */
  readonly pageChanged: boolean;
  /** The item was done, and nothing after it was on screen. */
  readonly completedBefore: boolean;
  /** True when the person or the host asked for it, so it may take the focus. */
  readonly mayFocus: boolean;
  readonly root: ShadowRoot;
  emit(name: string, item?: string, props?: Props): void;
  /** Open a link, start a guide. */
  act(action: Action): unknown;
  /** End it as closed early; says why. */
  dismiss(reason: string): void;
  /** End it as finished. */
  complete(): void;
  /** Say that nothing is on screen for now (true), or that it is back (false): the lane is free meanwhile. */
  setIdle(isIdle: boolean): void;
  /** Listen to next(), back() and goTo(). */
  on(listen: (command: Command) => void): void;
  /** An item that is not for this person now; absent where all are. */
  isExcluded?: (item: object) => boolean;
}

export type Renderer<Body> = (showing: Showing<Body>, kit: Kit) => () => void;

export interface Watched {
  /** With props for an event, now and then: how well it was found. */
  found(element: Element, how?: Props): void;
  /** Called when it or anything around it moved. */
  moved?(): void;
  lost?(): void;
  /** Called once, when it was not there after `seconds`; with the reason and the time waited, as props of an event. */
  onTimeout?: ((why: Props) => void) | undefined;
  seconds?: number;
}

/** How a box would like to stand; `start` and `end` follow the direction of the writing. */
export interface PlacementOptions {
  side?: Side | undefined;
  /** Which part of the box is at the middle of the element. */
  align?: "start" | "center" | "end" | undefined;
  rtl?: boolean;
  /** What it would rather not cover. */
  avoid?: readonly Rect[];
}

export interface AnchorOptions {
  side?: Side;
  align?: PlacementOptions["align"] | "auto";
  /** Dim the rest of the page. */
  dim?: boolean;
  /** A dim page gets no click around the light. */
  around?: "through" | "block";
  /** More elements that are lit up. */
  extraTargets?: readonly Target[];
  /** The element is there, or another, or gone. */
  found?(element: Element | null, how?: Props): void;
  /** Called once, when it was not there after some seconds, and why. */
  onTimeout?(why: Props): void;
}

export interface Surface {
  /** The dialog, in the top layer while shown. */
  readonly node: HTMLElement;
  /** On the screen; it counts as shown once it was painted, unless less than half of what it stands beside is in sight. */
  show(less?: boolean): void;
  hide(): void;
  /** The focus is in it. */
  readonly focused: boolean;
}

export interface SurfaceOptions {
  /** Blocks the page, traps the focus. */
  modal?: boolean;
  class: string;
  title: HTMLElement | null;
  text: HTMLElement | null;
  /** A name when there is no title. */
  label: string;
  /** The person closes it: by "escape", or a click "outside". */
  close(reason: string): void;
  /** Go on, when a click around it or time does that. */
  next?(): void;
  keys?(event: KeyboardEvent): void;
  /** Take the focus when it is shown first. */
  focus?: boolean;
  /** `dialog` unless said otherwise. */
  role?: string;
  /** The element it stands beside: Tab goes on from there to here, once. */
  anchor?(): Element | null;
  /** It is on the screen for the first time. */
  shown?(): void;
  /** The rest is as the author of a step may set it. */
  layout?: string;
  dim?: boolean;
  closable?: boolean;
  around?: "through" | "block";
  /** What a click around it does. */
  outside?: "nothing" | "close" | "next";
  advance?: string;
  seconds?: number;
}

export interface Kit {
  el(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement;
  /** The close sign. */
  icon(): Element;
  /** Rich text as nodes. */
  text(doc: RichText): Node;
  /** One of our own words in the person's language. */
  t(key: string, values?: Record<string, string | number>): string;
  announce(text: string): void;
  /** A dialog; what is in it hears clicks and keys, but no presses, which stop before the page hears of them. */
  surface(options: SurfaceOptions): Surface;
  /** Show a surface beside an element while that can be seen, with a light on it; returns how to stop. */
  anchor(surface: Surface, target: Target, standing: AnchorOptions): () => void;
  /** Find the element, wait for it, follow it; returns how to stop. */
  watch(target: Target, watched: Watched): () => void;
  matches(pattern: string): boolean;
  onPage(changed: () => void): () => void;
  /** Call back after the next paint; returns how to give up. */
  painted(then: () => void): () => void;
  /** The element is clicked, whatever the page does with the click. */
  onClick(element: () => Element | null, clicked: () => void): () => void;
}
