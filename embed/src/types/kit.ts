/** The interface for renderers: the showing of one guide, and the kit that draws it. Renderers import only these types. */

import type { Action, RichText, Target } from "bodies";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Props = Record<string, string | number | boolean | null | string[]>;
export type Child = Node | string | null | undefined | false;
export type Stop = () => void;
/** A box in the coordinates of the window. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}
export type Side = "auto" | "top" | "bottom" | "start" | "end";

/** Why a guide was dismissed; the list of guides.kind.DismissReason. */
export type DismissReason = "close" | "escape" | "outside" | "button" | "skipped" | "target_missing" | "route_left" | "replaced" | "host" | "other";

/** How far the person is in a guide. */
export interface ShowingProgress {
  /** Empty before the first event, then "started", "completed" or "dismissed". */
  readonly status: string;
  /** The key of the current item. */
  readonly item: string | null;
  /** The keys of the items that are done. */
  readonly done: readonly string[];
  /** What `remember()` saved. */
  readonly state?: { readonly [key: string]: Json };
}

/** One showing of one guide to one person on this page. */
export interface Showing<Body> {
  readonly id: string;
  readonly body: Body;
  /** The items that are for this person now, in order: those whose conditions hold. */
  readonly items: readonly { readonly key: string }[];
  /** The progress now: read it again after a change. */
  readonly progress: ShowingProgress;
  /** The item to begin with, or null for the first. */
  readonly item: string | null;
  /** The address changed since the item was last shown, on an earlier page load. */
  readonly pageChanged: boolean;
  /** The item was done, and no later one was shown. */
  readonly completedBefore: boolean;
  /** The person or the host asked for it, so it may take the focus. */
  readonly mayFocus: boolean;
  /** The language of the person, as in `<html lang>`. */
  readonly locale: string;
  readonly root: ShadowRoot;
  /** Reports an event that the kind declares. */
  emit(name: string, item?: string, props?: Props): void;
  /** Opens a link or starts a guide. */
  act(action: Action): unknown;
  /** Ends it as dismissed. */
  dismiss(reason: DismissReason): void;
  /** Ends it as completed. */
  complete(): void;
  /** Saves what the kind needs again in a later showing, in place of what was saved before; 4 kB of JSON at most. */
  remember(state: { [key: string]: Json }): void;
  /** Calls back when progress changed, also by goals and in other tabs, until the showing ends. */
  onProgress(changed: () => void): Stop;
  /** While idle, nothing of it is on screen and its lane is free for others. */
  setIdle(isIdle: boolean): void;
  /** Listens to what the host page calls: "next", "back", "goTo" with `{ item }`, "openHelp" and the like. One listener at a time. */
  onCommand(listener: (name: string, args: Json) => unknown): Stop;
}

export type Renderer<Body> = (showing: Showing<Body>, kit: Kit) => Stop;

/** The own words of a renderer, by language and key. */
export type Strings = Record<string, Record<string, string>>;

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
  /** Dims the page around the element. */
  backdrop?: boolean;
  /** Whether clicks on a dimmed page reach it, or are blocked and Tab stays within the surface and the element; needs Feature.BEHAVIORS. */
  backdropClicks?: "through" | "block";
  /** More elements in the spotlight; needs Feature.BEHAVIORS. */
  extraTargets?: readonly Target[];
  /** Only stands beside it: no spotlight, no scrolling to it, no hint where it is. Always so for a node that is no surface; needs Feature.MOUNT. */
  passive?: boolean;
  /** Pixels between a passive one and the element, 8 by default; a negative number puts it over the edge of the element. */
  offset?: number;
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
  /** Closes it as a close button does: asks first where `confirmClose` is set. */
  close(reason: DismissReason): void;
  /** Whether the focus is in it. */
  readonly focused: boolean;
}

export interface SurfaceOptions {
  class: string;
  /** The element that names it. */
  title: HTMLElement | null | "";
  /** The element that describes it. */
  text: HTMLElement | null;
  /** The accessible name without a title. */
  label: string;
  /** The ARIA role, `dialog` by default. */
  role?: "dialog" | "alertdialog" | "tooltip" | "region" | "form" | "group";
  /** Makes the page inert and traps the focus. */
  modal?: boolean;
  /** The person closes it: by "escape", by "close" (`Surface.close`). */
  close(reason: DismissReason): void;
  /** Gets the plain keys that are pressed in it, outside of fields. */
  keys?(event: KeyboardEvent): void;
  /** Takes the focus when it is first shown. */
  focus?: boolean;
  /** The element it is anchored to: Tab moves from there to here, once. */
  anchor?(): Element | null;
  /** Called when it was first painted. */
  shown?(): void;
  /** False: the person cannot close it. This and what follows needs Feature.BEHAVIORS. */
  closable?: boolean;
  /** Asks the person before it is closed. */
  confirmClose?: boolean;
  /** Called when the page around it is clicked. */
  onBackdropClick?: (() => void) | false | undefined;
  /** Shows how much time is left and calls back at its end; pauses while the person points at it or uses it. */
  countdown?: { seconds: number; onEnd(): void } | false | undefined;
}

/** A button in the corner of the page that opens something. */
export interface LauncherOptions {
  label: string;
  /** A number or short text beside the label. */
  badge?: string | number;
  /** Called when it is pressed. */
  onOpen(): void;
}

export interface Launcher {
  readonly node: HTMLButtonElement;
  /** Changes the label or the badge; tells assistive technology whether what it opens is open. */
  update(changes: { label?: string; badge?: string | number; isOpen?: boolean }): void;
  remove(): void;
}

/** What a guide says about itself in lists. */
export interface Listed {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly image: string;
  /** ISO date and time. */
  readonly at: string | null;
  /** "waiting", "shown", "started", "completed" or "dismissed". */
  readonly status: string;
}

export interface Kit {
  el(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement;
  /** The close icon. */
  icon(): Element;
  /** Draws rich text. */
  text(doc: RichText): Node;
  /** A string in the person's language: of the renderer's own `strings`, else of the embed. */
  t(key: string, values?: Record<string, string | number>): string;
  announce(text: string): void;
  /** A dialog. Its content gets clicks and keys, but no pointer events, which are stopped before they reach the page. */
  surface(options: SurfaceOptions): Surface;
  /** Shows a surface, or any node, beside an element while that is visible; returns how to stop. */
  anchor(content: Surface | HTMLElement, target: Target, options: AnchorOptions): Stop;
  /** Finds an element, waits for it and follows it; returns how to stop. */
  watch(target: Target, watched: Watched): Stop;
  matches(pattern: string): boolean;
  onPage(changed: () => void): Stop;
  /** Calls back after the next paint; returns how to cancel. */
  painted(then: () => void): Stop;
  /** Calls back when the element is clicked, whatever the page does with the click. */
  onClick(element: () => Element | null, clicked: () => void): Stop;
  // what follows needs Feature.MOUNT
  /** A place for content that is no dialog: above the page at the "top" or "bottom", in the "corner", or in the page where `data-handrail-slot` has this name. Remove it when done. */
  mount(place: string): HTMLElement;
  launcher(options: LauncherOptions): Launcher;
  /** Follows every visible element that fits the target; returns how to stop. */
  watchAll(target: Target, watched: { found(element: Element): void; lost?(element: Element): void }): Stop;
  /** What these guides say about themselves, without those that are not for this person; all of them without ids. */
  listings(ids?: readonly string[]): Listed[];
}
