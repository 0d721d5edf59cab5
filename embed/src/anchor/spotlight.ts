/** The hole around an element: its own box, and a shadow that dims the rest; clicks pass through. */

import { el, put, raiseAll } from "../kit/shared";

const PAD = 6;

export function spotlight(root: ShadowRoot, dim: boolean): { move(element: Element | null): void } {
  const node = el("div", { class: dim ? "hr-spot dim" : "hr-spot", popover: "manual", "aria-hidden": "true" });
  return {
    move(element) {
      const rect = element?.getBoundingClientRect();
      if (!rect?.width && !rect?.height) return node.remove();
      if (!node.isConnected) {
        root.prepend(node);
        node.showPopover?.();
        raiseAll();
      }
      const round = parseFloat(getComputedStyle(element!).borderTopLeftRadius) || 0;
      put(node, { left: rect.left - PAD, top: rect.top - PAD, width: rect.width + 2 * PAD, height: rect.height + 2 * PAD, "border-radius": Math.min(round + PAD, 40) });
    },
  };
}
