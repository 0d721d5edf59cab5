/** Where the page is blocked around a step, Tab goes round: through the step, to its element, and back. */

import type { SurfaceOptions } from "../types/kit";
import { listen } from "../core/exports";
import { isAsking } from "./confirm-close";

const ABLE = "a[href],button:enabled,input:enabled,select:enabled,textarea:enabled,summary,[contenteditable='true'],[tabindex]:not([tabindex^='-'])";

const isThere = (element: Element): boolean => element.getClientRects().length > 0;

export const ring =
  (node: HTMLElement, { near }: SurfaceOptions) =>
  (): (() => void) =>
    listen("keydown", (event: KeyboardEvent) => {
      const { key, shiftKey, altKey, ctrlKey, metaKey } = event;
      // what lies above has the keyboard
      if (!/^(Tab|F6)$/.test(key) || altKey || ctrlKey || metaKey || isAsking() || document.querySelector("dialog:modal")) return;
      event.preventDefault();
      event.stopPropagation();
      const element = near?.();
      const ours = [...node.querySelectorAll<HTMLElement>(ABLE)].filter(isThere);
      const theirs = element ? [element, ...element.querySelectorAll(ABLE)].filter((each) => each.matches(ABLE) && isThere(each)) : [];
      const from = event.composedPath()[0] as HTMLElement;
      const all = [...ours, ...theirs] as HTMLElement[];
      const at = all.indexOf(from);
      const isOurs = node.contains(from);
      // F6 changes over, Tab takes the next
      const to = key === "F6" ? all[isOurs ? ours.length : 0] : all[shiftKey ? (at < 0 ? all.length : at) - 1 : at + 1];
      (to ?? all.at(shiftKey ? -1 : 0) ?? node).focus({ preventScroll: isOurs });
    });
