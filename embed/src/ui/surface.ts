/** A dialog of ours: in the top layer, named, with the keyboard and the focus as people expect. */

import { guard, lifetime, listen } from "../core/exports";
import { el } from "./dom";
import { reattachRoot } from "./root";
import { HOST_TOP_LAYER, openSurfaces, type OpenSurface } from "./top-layer";
import type { Surface, SurfaceOptions } from "../types/kit";

const STOPPED_EVENTS = "pointerdown pointerup mousedown mouseup touchstart touchend keyup keypress focusin";
const FOCUSABLE = "a[href],button,input,select,textarea,iframe,[tabindex='0']";

let lastId = 0;

const isField = (node: unknown): boolean => node instanceof HTMLElement && (node.isContentEditable || node.matches("input,select,textarea"));
const isPlain = ({ altKey, ctrlKey, metaKey }: KeyboardEvent): boolean => !altKey && !ctrlKey && !metaKey;
const idOf = (node: HTMLElement | null): string | null => node && (node.id ||= "hr-" + ++lastId);
const focusableIn = (node: Element): HTMLElement[] => [...node.querySelectorAll<HTMLElement>(FOCUSABLE)];

export function createSurface(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { modal, title, text, label, close, keys, role } = options;
  let wantsFocus = options.focus || modal;
  let unpaint: (() => void) | undefined;
  const node = el(modal ? "dialog" : "div", {
    role: role ?? "dialog",
    class: "hr-surface " + options.class,
    popover: !modal && "manual",
    tabindex: "-1",
    "aria-modal": modal && "true",
    "aria-labelledby": idOf(title),
    "aria-describedby": idOf(text),
    "aria-label": !title && label,
    onkeydown: onKeydown,
    onclick: (event: Event) => event.stopPropagation(),
    oncancel: (event: Event) => (event.preventDefault(), close("escape")),
  }) as HTMLDialogElement;
  const surface: OpenSurface = {
    node,
    options,
    show(less) {
      if (!openSurfaces.includes(surface)) {
        openSurfaces.push(surface);
        reattachRoot();
        surface.raise();
        if (wantsFocus) surface.enter();
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
      if (!openSurfaces.includes(surface)) return;
      const hadFocus = surface.focused;
      openSurfaces.splice(openSurfaces.indexOf(surface), 1);
      unpaint?.();
      node.close?.();
      node.remove();
      node.style.animation = "";
      if (hadFocus) returnFocus();
    },
    get focused() {
      return node.contains(root.activeElement);
    },
    /** Into the top layer, above what the page put there since. */
    raise() {
      const focus = surface.focused && (root.activeElement as HTMLElement);
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
      surface.focusedBefore = document.activeElement;
      node.focus({ preventScroll: true });
    },
  };

  /** Give the focus back to whom it was taken from. */
  function returnFocus(): void {
    (root.activeElement as HTMLElement | null)?.blur();
    (surface.focusedBefore as HTMLElement | null)?.focus?.({ preventScroll: true });
  }

  function onKeydown(event: KeyboardEvent): void {
    const { key, shiftKey } = event;
    const own = key === "Escape" ? () => close("escape") : key === "F6" && !modal ? returnFocus : key === "Tab" && tabOutOf(shiftKey);
    const inField = isField(event.composedPath()[0]);
    const plain = isPlain(event);
    if (inField || plain) event.stopPropagation();
    if (own) {
      event.preventDefault();
      own();
    } else if (plain && !inField && !event.defaultPrevented) keys?.(event);
  }

  /** Beyond an end: a modal begins again at its other end, from anything else it goes on in the page where it came from. */
  function tabOutOf(back: boolean): (() => void) | undefined {
    const able = focusableIn(node);
    if (!back) able.reverse();
    const { activeElement } = root;
    if (able[0] && activeElement !== able[0] && !(back && activeElement === node)) return;
    if (modal) return () => (able.at(-1) ?? node).focus();
    if (back && surface.focusedBefore) return returnFocus;
    // the step from there on is the browser's
    if (surface.focusedBefore) returnFocus();
    return;
  }

  return surface;
}

/** Hear what concerns anything that is shown, from now on. */
export function listenToPage(): void {
  listen(STOPPED_EVENTS, stopInside);
  // after the page, which may want the key for itself
  addEventListener("keydown", guard(onKeydownOutside), lifetime);
}

/** What happens in here is none of the page's business, wherever it listens: its menus stay open, its shortcuts quiet. */
function stopInside(event: FocusEvent): void {
  const ours = openSurfaces.find(({ node }) => node.contains(event.composedPath()[0] as Node));
  if (!ours) return;
  event.stopPropagation();
  ours.focusedBefore = event.relatedTarget ?? ours.focusedBefore;
}

/** Keys pressed outside: F6 comes to us, and Tab from the element; Escape closes the top one unless the page or a field wants it. */
function onKeydownOutside(event: KeyboardEvent): void {
  const top = openSurfaces.at(-1);
  const { key } = event;
  const from = event.composedPath()[0] as Element;
  if (!top || event.defaultPrevented || event.isComposing || !isPlain(event) || top.node.contains(from)) return;
  const near = !top.wasEntered && key === "Tab" && !event.shiftKey && top.options.anchor?.();
  if (key === "F6" || (near && near.contains(from) && (focusableIn(near).at(-1) ?? near) === from)) {
    event.preventDefault();
    if (near) top.wasEntered = true;
    top.enter();
  } else if (key === "Escape" && !isField(from) && !document.querySelector(HOST_TOP_LAYER)) top.options.close("escape");
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
