/** A dialog of ours: in the top layer, named, with the keyboard and the focus as people expect. */

import { guard, listen } from "../shared";
import { el } from "./dom";
import { home } from "./home";
import type { Surface, SurfaceOptions } from "./types";

const QUIET = "click mousedown pointerdown touchstart focusin keyup keypress";
const ABLE = "a[href],button,input,select,textarea,iframe,[tabindex='0']";

const open: Dialog[] = [];
let stop: (() => void) | undefined;
let number = 0;

const isField = (node: unknown): boolean => node instanceof HTMLElement && (node.isContentEditable || /^(input|textarea|select)$/.test(node.localName));
const isPlain = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => !altKey && !ctrlKey && !metaKey;
const named = (node: HTMLElement | null): string | null => node && (node.id ||= "hr-" + ++number);
const ableIn = (node: Element): HTMLElement[] => [...node.querySelectorAll<HTMLElement>(ABLE)];

export class Dialog implements Surface {
  readonly node: HTMLElement;
  readonly options: SurfaceOptions;
  readonly _root: ShadowRoot;
  _before: Element | null = null;
  _focus: boolean;
  _painting: (() => void) | undefined;
  /** Tab has led here before. */
  came = false;

  constructor(root: ShadowRoot, options: SurfaceOptions) {
    const { modal, title, text, label, close, focus, role } = options;
    this._root = root;
    this.options = options;
    this._focus = !!(focus || modal);
    this.node = el(modal ? "dialog" : "div", {
      role: role ?? "dialog",
      class: "hr-surface " + options.class,
      popover: !modal && "manual",
      tabindex: "-1",
      "aria-modal": modal && "true",
      "aria-labelledby": named(title),
      "aria-describedby": named(text),
      "aria-label": !title && label,
      onkeydown: (event: KeyboardEvent) => this._pressed(event),
      oncancel: (event: Event) => (event.preventDefault(), close()),
    });
    // what happens in here is none of the page's business: its menus stay open, its shortcuts quiet
    for (const name of QUIET.split(" ")) this.node.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  }

  show(): void {
    if (open.includes(this)) return;
    open.push(this);
    home();
    this.raise();
    stop ??= listen("keydown", outside);
    if (this._focus) this.enter();
    this._focus = false;
    this._painting = painted(() => {
      this.options.shown?.();
      delete this.options.shown;
    });
  }

  hide(): void {
    if (!open.includes(this)) return;
    const had = this.focused;
    open.splice(open.indexOf(this), 1);
    this._painting!();
    (this.node as HTMLDialogElement).close?.();
    this.node.remove();
    this.node.style.animation = "";
    if (had) this.leave();
    if (open[0]) return;
    stop!();
    stop = undefined;
  }

  get focused(): boolean {
    return this.node.contains(this._root.activeElement);
  }

  /** Into the top layer, above what the page put there since. */
  raise(): void {
    const node = this.node as HTMLDialogElement;
    const focus = this.focused && (this._root.activeElement as HTMLElement);
    if (!node.isConnected) this._root.append(node);
    else node.style.animation = "none";
    guard(() => {
      if (!node.showPopover) node.style.display = "flex";
      else if (this.options.modal) {
        node.close();
        node.showModal();
      } else {
        node.hidePopover();
        node.showPopover();
      }
    })();
    if (focus) focus.focus({ preventScroll: true });
  }

  enter(): void {
    this._before = document.activeElement;
    this.came = true;
    this.node.focus({ preventScroll: true });
  }

  /** Give the focus back to whom it was taken from. */
  leave(): void {
    (this._root.activeElement as HTMLElement | null)?.blur();
    (this._before as HTMLElement | null)?.focus?.({ preventScroll: true });
  }

  _pressed(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const { modal, close, keys } = this.options;
    const own = key === "Escape" ? close : key === "F6" && !modal ? () => this.leave() : key === "Tab" && this._turn(shiftKey);
    if (own) {
      event.preventDefault();
      event.stopPropagation();
      own();
    } else if (isField(event.composedPath()[0])) event.stopPropagation();
    else if (!event.defaultPrevented && isPlain(event)) keys?.(event);
  }

  /** Beyond an end: a modal begins again at its other end, from anything else it goes on in the page where it came from. */
  _turn(back: boolean): (() => void) | undefined {
    const able = ableIn(this.node);
    if (!back) able.reverse();
    const { activeElement } = this._root;
    if (able[0] && activeElement !== able[0] && !(back && activeElement === this.node)) return;
    if (this.options.modal) return () => (able.at(-1) ?? this.node).focus();
    if (!this._before) return;
    // the step itself is the browser's
    if (back) return () => this.leave();
    this.leave();
    return;
  }
}

/** Keys pressed outside: F6 comes to us, and Tab from the element; Escape closes the top one unless the page or a field wants it. */
function outside(event: KeyboardEvent): void {
  const top = open.at(-1)!;
  const { key } = event;
  const from = event.composedPath()[0] as Element;
  if (event.defaultPrevented || event.isComposing || !isPlain(event) || top.node.contains(from)) return;
  const near = !top.came && key === "Tab" && !event.shiftKey && top.options.near?.();
  if (key === "F6" || (near && near.contains(from) && (ableIn(near).at(-1) ?? near) === from)) {
    event.preventDefault();
    top.enter();
  } else if (key === "Escape" && !isField(from) && !document.querySelector("dialog:modal")) top.options.close();
}

let since = 0;
let raised = 0;

/** Back on top: the page opened something of its own, or threw our element away. Whoever insists on the top as well has it in the end. */
export function raiseAll(): void {
  const now = Date.now();
  if (now - since > 1000) [since, raised] = [now, 0];
  if (raised++ < 8) open.forEach((each) => each.raise());
}

/** A frame, and then the moment after it: what was drawn is on the screen. */
export function painted(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const frame = requestAnimationFrame(() => (timer = setTimeout(guard(then))));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
