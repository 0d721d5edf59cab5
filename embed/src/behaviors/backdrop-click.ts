/** Calls back when the page around a surface is clicked; the page gets the click too. */

import type { SurfaceOptions } from "../types/kit";
import { listen } from "../core/exports";
import { BLOCKER_CLASS, extraElements } from "./multi-spotlight";

export const backdropClick =
  (root: ShadowRoot, node: HTMLElement, { modal, anchor, onBackdropClick }: SurfaceOptions) =>
  (): (() => void) => {
    if (!onBackdropClick) return () => undefined;
    let beganOutside = false;
    const isOutside = (event: MouseEvent): boolean => {
      const path = event.composedPath();
      const from = path[0] as Element;
      if (from === node) return !!modal && !within(event, node);
      if (path.includes(root.host)) return from.classList.contains(BLOCKER_CLASS);
      const element = anchor?.();
      return !path.some((each) => each === element || extraElements.has(each));
    };
    const stops = [
      listen("pointerdown", (event: MouseEvent) => (beganOutside = isOutside(event))),
      listen("click", (event: MouseEvent) => beganOutside && isOutside(event) && onBackdropClick()),
    ];
    return () => stops.forEach((stop) => stop());
  };

function within({ clientX, clientY }: MouseEvent, node: Element): boolean {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
