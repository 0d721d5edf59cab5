/** A dialog of ours: in the top layer, named, with the keyboard and the focus as people expect. */

import { guard, listen } from "../shared";
import { el } from "./dom";
import type { Surface, SurfaceOptions } from "./types";

const QUIET = "click mousedown pointerdown touchstart focusin keyup keypress";

const open: Dialog[] = [];
let stops: (() => void)[] = [];
let number = 0;

const isField = (node: unknown): boolean => node instanceof HTMLElement && (node.isContentEditable || /^(input|textarea|select)$/.test(node.localName));
const isPlain = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => !altKey && !ctrlKey && !metaKey;
const named = (node: HTMLElement | null): string | null => node && (node.id ||= "hr-" + ++number);

export class Dialog implements Surface {
  readonly node: HTMLElement;
  readonly options: SurfaceOptions;
  readonly #root: ShadowRoot;
  #before: Element | null = null;
  #focus: boolean;

  constructor(root: ShadowRoot, options: SurfaceOptions) {
    const { modal, title, text, label, close, focus } = options;
    this.#root = root;
    this.options = options;
    this.#focus = !!(focus || modal);
    this.node = el(modal ? "dialog" : "div", {
      role: "dialog",
      class: "hr-surface " + options.class,
      popover: !modal && "manual",
      tabindex: "-1",
      "aria-modal": modal && "true",
      "aria-labelledby": named(title),
      "aria-describedby": named(text),
      "aria-label": !title && label,
      onkeydown: (event: KeyboardEvent) => this.#pressed(event),
      oncancel: (event: Event) => (event.preventDefault(), close()),
    });
    // what happens in here is none of the page's business: its menus stay open, its shortcuts quiet
    for (const name of QUIET.split(" ")) this.node.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  }

  show(): void {
    if (open.includes(this)) return;
    open.push(this);
    this.raise();
    stops[0] ?? (stops = [listen("keydown", outside), listen("toggle", (event: ToggleEvent) => event.newState === "open" && raiseAll())]);
    if (this.#focus) this.enter();
    this.#focus = false;
  }

  hide(): void {
    if (!open.includes(this)) return;
    const had = this.focused;
    open.splice(open.indexOf(this), 1);
    (this.node as HTMLDialogElement).close?.();
    this.node.remove();
    if (had) this.leave();
    if (!open[0]) stops.splice(0).forEach((stop) => stop());
  }

  get focused(): boolean {
    return this.node.contains(this.#root.activeElement);
  }

  /** Into the top layer, above what the page put there since. */
  raise(): void {
    const node = this.node as HTMLDialogElement;
    const focus = this.focused && (this.#root.activeElement as HTMLElement);
    if (!node.isConnected) this.#root.append(node);
    guard(() => {
      if (!node.showPopover) node.style.display = "flex";
      else if (!this.options.modal) {
        node.hidePopover();
        node.showPopover();
      } else if (!node.matches(":modal")) {
        node.close();
        node.showModal();
      }
    })();
    if (focus) focus.focus({ preventScroll: true });
  }

  enter(): void {
    this.#before = document.activeElement;
    this.node.focus({ preventScroll: true });
  }

  /** Give the focus back to whom it was taken from. */
  leave(): void {
    (this.#root.activeElement as HTMLElement | null)?.blur();
    (this.#before as HTMLElement | null)?.focus?.({ preventScroll: true });
  }

  #pressed(event: KeyboardEvent): void {
    const { key } = event;
    const { modal, close, keys } = this.options;
    const own = key === "Escape" ? close : key === "F6" && !modal ? () => this.leave() : modal && key === "Tab" && this.#turn(event.shiftKey);
    if (own) {
      event.preventDefault();
      event.stopPropagation();
      own();
    } else if (isField(event.composedPath()[0])) event.stopPropagation();
    else if (!event.defaultPrevented && isPlain(event)) keys?.(event);
  }

  /** From one end of a modal to the other. */
  #turn(back: boolean): (() => void) | undefined {
    const able = [...this.node.querySelectorAll<HTMLElement>("a[href],button,input,select,textarea")];
    if (!back) able.reverse();
    const { activeElement } = this.#root;
    return activeElement === able[0] || (back && activeElement === this.node) ? () => able.pop()!.focus() : undefined;
  }
}

/** Keys pressed outside: F6 comes to us, Escape closes the top one unless the page or a field wants it. */
function outside(event: KeyboardEvent): void {
  const top = open[open.length - 1]!;
  const from = event.composedPath()[0];
  if (event.defaultPrevented || event.isComposing || !isPlain(event) || top.node.contains(from as Node)) return;
  if (event.key === "F6") {
    event.preventDefault();
    top.enter();
  } else if (event.key === "Escape" && !isField(from) && !document.querySelector("dialog:modal")) top.options.close();
}

/** Back on top: the page opened something of its own, or threw our element away. */
export function raiseAll(): void {
  open.forEach((each) => each.raise());
}
