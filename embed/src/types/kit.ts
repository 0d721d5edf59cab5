/** The interface for renderers: the showing of one guide, and the kit that draws it. Renderers import only these types. */

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
  /** The item to continue with, or null to start. */
  readonly item: string | null;
  /** Keys of the items that are done. */
  readonly done: ReadonlySet<string>;
  /** The address changed since the item was last shown, on an earlier page load. */
  readonly pageChanged: boolean;
  /** The item was done, and no later one was shown. */
  readonly completedBefore: boolean;
  /** The person or the host asked for it, so it may take the focus. */
  readonly mayFocus: boolean;
  readonly root: ShadowRoot;
  emit(name: string, item?: string, props?: Props): void;
  /** Opens a link or starts a guide. */
  act(action: Action): unknown;
  /** Ends it as dismissed, with a reason. */
  dismiss(reason: string): void;
  /** Ends it as completed. */
  complete(): void;
  /** While idle, nothing of it is on screen and its lane is free for others. */
  setIdle(isIdle: boolean): void;
  /** Listens to next(), back() and goTo(). */
  on(listen: (command: Command) => void): void;
  /** Whether an item is not for this person now; absent where all are. */
  isExcluded?: (item: object) => boolean;
}

export type Renderer<Body> = (showing: Showing<Body>, kit: Kit) => () => void;

export interface Watched {
  /** The element was found; at times with props for an event: how well. */
  found(element: Element, how?: Props): void;
  /** It may have moved. */
  moved?(): void;
  lost?(): void;
  /** Called once, when it was not found after `seconds`; with the reason and the time waited, as props of an event. */
  onTimeout?: ((why: Props) => void) | undefined;
  seconds?: number;
}

/** How to place a box beside an element; `start` and `end` follow the writing direction. */
export interface PlacementOptions {
  side?: Side | undefined;
  /** Which part of the box aligns with the element. */
  align?: "start" | "center" | "end" | undefined;
  rtl?: boolean;
  /** Boxes it should not cover. */
  avoid?: readonly Rect[];
}

export interface AnchorOptions {
  side?: Side;
  align?: PlacementOptions["align"] | "auto";
  /** Dims the rest of the page. */
  backdrop?: boolean;
  /** Whether clicks outside the spotlight reach a dimmed page. */
  backdrop_clicks?: "through" | "block";
  /** More elements in the spotlight. */
  extraTargets?: readonly Target[];
  /** The element was found, replaced, or lost (null). */
  found?(element: Element | null, how?: Props): void;
  /** Called once, when it was not found after some seconds, with the reason. */
  onTimeout?(why: Props): void;
}

export interface Surface {
  /** The dialog, in the top layer while shown. */
  readonly node: HTMLElement;
  /** Puts it on screen; `less` means that under half of its anchor is visible, so it does not count as shown yet. */
  show(less?: boolean): void;
  hide(): void;
  /** Whether the focus is in it. */
  readonly focused: boolean;
}

export interface SurfaceOptions {
  /** Makes the page inert and traps the focus. */
  modal?: boolean;
  class: string;
  title: HTMLElement | null;
  text: HTMLElement | null;
  /** The accessible name without a title. */
  label: string;
  /** The person closes it by "escape", or by a click "outside". */
  close(reason: string): void;
  /** Advances, where a click outside or time does. */
  next?(): void;
  keys?(event: KeyboardEvent): void;
  /** Takes the focus when it is first shown. */
  focus?: boolean;
  /** The ARIA role, `dialog` by default. */
  role?: string;
  /** The element it is anchored to: Tab moves from there to here, once. */
  anchor?(): Element | null;
  /** Called when it was first painted. */
  shown?(): void;
  /** What follows is set by the author of a step. */
  layout?: string;
  backdrop?: boolean;
  closable?: boolean;
  backdrop_clicks?: "through" | "block";
  /** What a click outside does. */
  on_backdrop_click?: "nothing" | "close" | "next";
  advance?: string;
  seconds?: number;
}

export interface Kit {
  el(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement;
  /** The close icon. */
  icon(): Element;
  /** Draws rich text. */
  text(doc: RichText): Node;
  /** A string of the embed in the person's language. */
  t(key: string, values?: Record<string, string | number>): string;
  announce(text: string): void;
  /** A dialog. Its content gets clicks and keys, but no pointer events, which are stopped before they reach the page. */
  surface(options: SurfaceOptions): Surface;
  /** Shows a surface beside an element while that is visible, with a spotlight; returns how to stop. */
  anchor(surface: Surface, target: Target, standing: AnchorOptions): () => void;
  /** Finds an element, waits for it and follows it; returns how to stop. */
  watch(target: Target, watched: Watched): () => void;
  matches(pattern: string): boolean;
  onPage(changed: () => void): () => void;
  /** Calls back after the next paint; returns how to cancel. */
  painted(then: () => void): () => void;
  /** Calls back when the element is clicked, whatever the page does with the click. */
  onClick(element: () => Element | null, clicked: () => void): () => void;
}
