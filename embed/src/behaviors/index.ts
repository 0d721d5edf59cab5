/** What few steps do: they cannot be closed, ask first, take the clicks around them, go on by time, light up several elements. Loaded with the first that does. */

import { createSurface } from "../ui/exports";
import type { Kit, Showing, Surface, SurfaceOptions } from "../types/kit";
import { outsideClick } from "./outside-click";
import css from "./behaviors.css";
import { kitRef } from "./kit-ref";
import { confirming, cancelFor, confirmClose } from "./confirm-close";
import { focusLoop } from "./focus-loop";
import { excludeItems } from "../stage/item-conditions";
import { autoAdvance } from "./auto-advance";

export { css };
export { spotlight } from "./multi-spotlight";

/** Take part in one showing, before it is drawn. */
export function prepare(showing: Showing<unknown>, kit: Kit): Promise<void> {
  kitRef.kit = kit;
  confirmClose(showing);
  return excludeItems(showing);
}

/** A dialog that may do more than close. */
export function surface(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { close, closable, advance, layout, dim } = options;
  const isFixed = closable === false;
  const isBlocking = layout === "popover" && dim && options.around === "block";
  if (isBlocking) options.focus = true;
  if (isFixed) options.close = () => undefined;
  const dialog = createSurface(root, options);
  const { node } = dialog;
  // what the browser would close by itself is closed by us, or not at all
  if (isFixed || confirming.has(close)) node.setAttribute("closedby", "none");
  if (isBlocking) node.setAttribute("aria-modal", "true");
  const lives = [outsideClick(root, node, options), () => () => cancelFor(close)];
  if (isBlocking) lives.push(focusLoop(node, options));
  if (advance === "time") lives.push(autoAdvance(root, node, options));
  return withLifetime(dialog, lives);
}

/** What lives while the surface is on the screen: each begins with it, and hands back how it ends. */
function withLifetime(surface: Surface, lives: (() => () => void)[]): Surface {
  const { show, hide } = surface;
  let ends: (() => void)[] = [];
  surface.show = (less) => {
    show(less);
    if (!ends[0]) ends = lives.map((live) => live());
  };
  surface.hide = () => {
    ends.splice(0).forEach((end) => end());
    hide();
  };
  return surface;
}
