/** A click around a step: the page may have it, and the step closes or goes on, as its author said. */

import type { SurfaceOptions } from "../types/kit";
import { listen } from "../core/exports";
import { BLOCK, lit } from "./multi-spotlight";

export const around =
  (root: ShadowRoot, node: HTMLElement, { layout, dim, outside, closable, near, next, close }: SurfaceOptions) =>
  (): (() => void) => {
    const wanted = outside === "next" ? next : outside === "close" && closable !== false && (() => close("outside"));
    if (!wanted || layout === "slideout" || !(dim || layout === "modal")) return () => undefined;
    let began = false;
    const isOutside = (event: MouseEvent): boolean => {
      const path = event.composedPath();
      const from = path[0] as Element;
      if (from === node) return layout === "modal" && !within(event, node);
      if (path.includes(root.host)) return from.classList.contains(BLOCK);
      const element = near?.();
      return !path.some((each) => each === element || lit.has(each));
    };
    const stops = [
      listen("pointerdown", (event: MouseEvent) => (began = isOutside(event))),
      listen("click", (event: MouseEvent) => began && isOutside(event) && wanted()),
    ];
    return () => stops.forEach((stop) => stop());
  };

function within({ clientX, clientY }: MouseEvent, node: Element): boolean {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
}
