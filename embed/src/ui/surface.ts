/** A dialog of ours: in the top layer, named, with the keyboard and the focus as people expect. */

import { guard, life, listen } from "../core/exports";
import { el } from "./dom";
import { home } from "./root";
import { ABOVE, open, type Opened } from "./top-layer";
import type { Surface, SurfaceOptions } from "../types/kit";

const QUIET = "pointerdown pointerup mousedown mouseup touchstart touchend keyup keypress focusin";
const ABLE = "a[href],button,input,select,textarea,iframe,[tabindex='0']";

let number = 0;

const isField = (node: unknown): boolean => node instanceof HTMLElement && (node.isContentEditable || node.matches("input,select,textarea"));
const isPlain = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => !altKey && !ctrlKey && !metaKey;
const named = (node: HTMLElement | null): string | null => node && (node.id ||= "hr-" + ++number);
const ableIn = (node: Element): HTMLElement[] => [...node.querySelectorAll<HTMLElement>(ABLE)];

export function dialog(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { modal, title, text, label, close, keys, role } = options;
  let wantsFocus = options.focus || modal;
  let unpaint: (() => void) | undefined;
  const node = el(modal ? "dialog" : "div", {
    role: role ?? "dialog",
    class: "hr-surface " + options.class,
    popover: !modal && "manual",
    tabindex: "-1",
    "aria-modal": modal && "true",
    "aria-labelledby": named(title),
    "aria-describedby": named(text),
    "aria-label": !title && label,
    onkeydown: pressed,
    onclick: (event: Event) => event.stopPropagation(),
    oncancel: (event: Event) => (event.preventDefault(), close("escape")),
  }) as HTMLDialogElement;
  const ours: Opened = {
    node,
    options,
    show(less) {
      if (!open.includes(ours)) {
        open.push(ours);
        home();
        ours.raise();
        if (wantsFocus) ours.enter();
        wantsFocus = false;
      }
      unpaint?.();
      if (options.shown && !less)
        unpaint = painted(() => {
          options.shown!();
          delete options.shown;
        });
    },
    hide() {
      if (!open.includes(ours)) return;
      const had = ours.focused;
      open.splice(open.indexOf(ours), 1);
      unpaint?.();
      node.close?.();
      node.remove();
      node.style.animation = "";
      if (had) leave();
    },
    get focused() {
      return node.contains(root.activeElement);
    },
    /** Into the top layer, above what the page put there since. */
    raise() {
      const focus = ours.focused && (root.activeElement as HTMLElement);
      if (!node.isConnected) root.append(node);
      else node.style.animation = "none";
      guard(() => {
        if (modal) {
          node.close();
          node.showModal();
        } else {
          node.hidePopover?.();
          node.showPopover?.();
        }
      })();
      if (focus) focus.focus({ preventScroll: true });
    },
    enter() {
      ours.before = document.activeElement;
      node.focus({ preventScroll: true });
    },
  };

  /** Give the focus back to whom it was taken from. */
  function leave(): void {
    (root.activeElement as HTMLElement | null)?.blur();
    (ours.before as HTMLElement | null)?.focus?.({ preventScroll: true });
  }

  function pressed(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const own = key === "Escape" ? () => close("escape") : key === "F6" && !modal ? leave : key === "Tab" && turn(shiftKey);
    const inField = isField(event.composedPath()[0]);
    const plain = isPlain(event);
    if (inField || plain) event.stopPropagation();
    if (own) {
      event.preventDefault();
      own();
    } else if (plain && !inField && !event.defaultPrevented) keys?.(event);
  }

  /** Beyond an end: a modal begins again at its other end, from anything else it goes on in the page where it came from. */
  function turn(back: boolean): (() => void) | undefined {
    const able = ableIn(node);
    if (!back) able.reverse();
    const { activeElement } = root;
    if (able[0] && activeElement !== able[0] && !(back && activeElement === node)) return;
    if (modal) return () => (able.at(-1) ?? node).focus();
    if (back && ours.before) return leave;
    // the step from there on is the browser's
    if (ours.before) leave();
    return;
  }

  return ours;
}

/** Hear what concerns anything that is shown, from now on. */
export function hear(): void {
  listen(QUIET, inside);
  // after the page, which may want the key for itself
  addEventListener("keydown", guard(outside), life);
}

/** What happens in here is none of the page's business, wherever it listens: its menus stay open, its shortcuts quiet. */
function inside(event: FocusEvent): void {
  const ours = open.find(({ node }) => node.contains(event.composedPath()[0] as Node));
  if (!ours) return;
  event.stopPropagation();
  ours.before = event.relatedTarget ?? ours.before;
}

/** Keys pressed outside: F6 comes to us, and Tab from the element; Escape closes the top one unless the page or a field wants it. */
function outside(event: KeyboardEvent): void {
  const top = open.at(-1);
  const { key } = event;
  const from = event.composedPath()[0] as Element;
  if (!top || event.defaultPrevented || event.isComposing || !isPlain(event) || top.node.contains(from)) return;
  const near = !top.came && key === "Tab" && !event.shiftKey && top.options.near?.();
  if (key === "F6" || (near && near.contains(from) && (ableIn(near).at(-1) ?? near) === from)) {
    event.preventDefault();
    if (near) top.came = true;
    top.enter();
  } else if (key === "Escape" && !isField(from) && !document.querySelector(ABOVE)) top.options.close("escape");
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
