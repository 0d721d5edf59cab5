/** A dialog of ours: in the top layer, named, with the keyboard and the focus as people expect. */

import { guard, listen } from "../guard";
import { el, put } from "./dom";
import type { Surface, SurfaceOptions } from "./types";

const open: Dialog[] = [];
let stopListening: (() => void) | null = null;
let number = 0;

const typed = (node: EventTarget | null | undefined): boolean => node instanceof HTMLElement && (node.isContentEditable || /^(input|textarea|select)$/.test(node.localName));

function identify(node: HTMLElement | null | undefined): string | null {
  if (node && !node.id) node.id = "hr-" + ++number;
  return node ? node.id : null;
}

export class Dialog implements Surface {
  readonly node: HTMLElement;
  shown = false;
  private before: Element | null = null;
  private focusOnce: boolean;

  constructor(
    private readonly root: ShadowRoot,
    readonly options: SurfaceOptions,
  ) {
    const { modal, title, text, label } = options;
    this.focusOnce = !!(options.focus || modal);
    this.node = el(modal ? "dialog" : "div", {
      role: "dialog",
      class: "hr-surface " + (options.class ?? ""),
      popover: !modal && "manual",
      tabindex: "-1",
      "aria-modal": modal && "true",
      "aria-labelledby": identify(title),
      "aria-describedby": identify(text),
      "aria-label": title ? null : label,
      onkeydown: (event: KeyboardEvent) => this.pressed(event),
      oncancel: (event: Event) => (event.preventDefault(), options.close()),
    });
    // what happens in here is none of the page's business: menus stay open, shortcuts stay quiet
    for (const name of ["click", "mousedown", "pointerdown", "touchstart", "focusin", "keyup", "keypress"]) this.node.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  }

  show(): void {
    if (this.shown) return;
    this.shown = true;
    this.root.append(this.node);
    this.raise();
    open.push(this);
    stopListening ??= listenAll();
    if (!this.focusOnce) return;
    this.before = document.activeElement;
    this.focusOnce = false;
    this.node.focus({ preventScroll: true });
  }

  hide(): void {
    if (!this.shown) return;
    const had = this.focused;
    this.shown = false;
    open.splice(open.indexOf(this), 1);
    if (this.node instanceof HTMLDialogElement) this.node.close();
    this.node.remove();
    if (had) this.giveBack();
    if (open.length) return;
    stopListening?.();
    stopListening = null;
  }

  remove(): void {
    this.hide();
  }

  get focused(): boolean {
    return this.node.contains(this.root.activeElement);
  }

  /** Into the top layer, above what the page put there since. */
  raise(): void {
    const { node } = this;
    if (!node.isConnected) this.root.append(node);
    if (node instanceof HTMLDialogElement) {
      if (!node.matches(":modal")) guard(() => (node.close(), node.showModal()))();
    } else if (node.showPopover) {
      guard(() => (node.matches(":popover-open") && node.hidePopover(), node.showPopover()))();
    } else put(node, { display: "block" });
  }

  enter(): void {
    this.before = document.activeElement;
    this.node.focus({ preventScroll: true });
  }

  giveBack(): void {
    const { before } = this;
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus({ preventScroll: true });
    else (this.root.activeElement as HTMLElement | null)?.blur();
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.options.close();
    } else if (event.key === "F6" && !this.options.modal) {
      event.preventDefault();
      event.stopPropagation();
      this.giveBack();
    } else {
      const inText = typed(event.composedPath()[0]);
      if (inText) event.stopPropagation();
      else if (!event.defaultPrevented && !event.altKey && !event.ctrlKey && !event.metaKey) this.options.keys?.(event);
    }
  }
}

/** Keys pressed outside: F6 comes to us, Escape closes the top one unless the page or a field wants it. */
function outside(event: KeyboardEvent): void {
  const top = open[open.length - 1];
  if (!top || event.defaultPrevented || event.isComposing || top.node.contains(event.composedPath()[0] as Node)) return;
  if (event.key === "F6" && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    top.enter();
  } else if (event.key === "Escape" && !typed(event.composedPath()[0]) && !document.querySelector("dialog:modal")) top.options.close();
}

function listenAll(): () => void {
  const stops = [listen("keydown", outside), listen("toggle", (event: ToggleEvent) => event.newState === "open" && !(event.target as Element).shadowRoot && raiseAll())];
  return () => stops.forEach((stop) => stop());
}

/** Back on top: the page opened something of its own, or threw our element away. */
export function raiseAll(): void {
  open.forEach((each) => each.raise());
}
