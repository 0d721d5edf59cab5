/** Keeps Tab within a step and its element while the rest of the page is blocked. */

import { listen } from "../core/exports";
import { isAskingToClose } from "./confirm-close";

const FOCUSABLE = "a[href],button:enabled,input:enabled,select:enabled,textarea:enabled,summary,[contenteditable='true'],[tabindex]:not([tabindex^='-'])";

const isThere = (element: Element): boolean => element.getClientRects().length > 0;

export const focusLoop = (node: HTMLElement, getElement: () => Element | null | undefined): (() => void) =>
  listen("keydown", (event: KeyboardEvent) => {
    const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
    // a dialog above has the keyboard
    if (!/^(Tab|F6)$/.test(key) || altKey || ctrlKey || metaKey || isAskingToClose() || document.querySelector("dialog:modal")) return;
    event.preventDefault();
    event.stopPropagation();
    const element = getElement();
    const ours = [...node.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isThere);
    const theirs = element ? [element, ...element.querySelectorAll(FOCUSABLE)].filter((each) => each.matches(FOCUSABLE) && isThere(each)) : [];
    const from = event.composedPath()[0] as HTMLElement;
    const all = [...ours, ...theirs] as HTMLElement[];
    const at = all.indexOf(from);
    const isOurs = node.contains(from);
    // F6 switches between step and element, Tab takes the next field
    const to = key === "F6" ? all[isOurs ? ours.length : 0] : all[shiftKey ? (at < 0 ? all.length : at) - 1 : at + 1];
    (to ?? all.at(shiftKey ? -1 : 0) ?? node).focus({ preventScroll: isOurs });
  });
