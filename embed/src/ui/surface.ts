/** A surface: a dialog in the top layer with accessible name, keyboard and focus handling. */

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
const idOf = (node: HTMLElement | null | ""): string | null | "" => node && (node.id ||= "hr-" + ++lastId);
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
    close,
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
    /** Moves it to the top of the top layer. */
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

  /** Returns the focus to the element that had it before. */
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

  /** Tab past the last (or first) field: a modal wraps around, any other surface returns to the page. */
  function tabOutOf(back: boolean): (() => void) | undefined {
    const able = focusableIn(node);
    if (!back) able.reverse();
    const { activeElement } = root;
    if (able[0] && activeElement !== able[0] && !(back && activeElement === node)) return;
    if (modal) return () => (able.at(-1) ?? node).focus();
    if (back && surface.focusedBefore) return returnFocus;
    // the browser moves the focus on from there
    if (surface.focusedBefore) returnFocus();
    return;
  }

  return surface;
}

/** Starts listening to the page for all surfaces. */
export function listenToPage(): void {
  listen(STOPPED_EVENTS, stopInside);
  // in the bubble phase: the page may handle the key itself
  addEventListener("keydown", guard(onKeydownOutside), lifetime);
}

/** Stops events inside a surface, so that they close no menu and trigger no shortcut of the page. */
function stopInside(event: FocusEvent): void {
  const ours = openSurfaces.find(({ node }) => node.contains(event.composedPath()[0] as Node));
  if (!ours) return;
  event.stopPropagation();
  ours.focusedBefore = event.relatedTarget ?? ours.focusedBefore;
}

/** Keys pressed on the page: F6, and Tab from the anchor, move into the top surface; Escape closes it unless the page or a field handles it. */
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

/** Calls back after the next paint; returns how to cancel. */
export function painted(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const frame = requestAnimationFrame(() => (timer = setTimeout(guard(then))));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
