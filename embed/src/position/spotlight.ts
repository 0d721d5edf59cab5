/** The spotlight: a ring around one element and a shadow that dims the rest; clicks pass through. */

import { setStyles } from "../ui/dom";
import { el, raiseAll } from "../ui/exports";
import type { Spotlight } from "../types/contracts";

const PAD = 6;

export function createSpotlight(root: ShadowRoot, dim: boolean): Spotlight {
  const node = el("div", { class: dim ? "hr-spotlight dim" : "hr-spotlight", popover: "manual", "aria-hidden": "true" });
  return ([box], round) => {
    if (!box) return node.remove();
    if (!node.isConnected) {
      root.prepend(node);
      node.showPopover?.();
      raiseAll();
    }
    setStyles(node, { left: box.left - PAD, top: box.top - PAD, width: box.width + 2 * PAD, height: box.height + 2 * PAD, "border-radius": Math.min(round + PAD, 40) });
  };
}
