/** What few steps do: they cannot be closed, ask first, take the clicks around them, go on by time, light up several elements. Loaded with the first that does. */

import { dialog } from "../ui/exports";
import type { Kit, Showing, Surface, SurfaceOptions } from "../types/kit";
import { around } from "./outside-click";
import css from "./behaviors.css";
import { given } from "./kit-ref";
import { asks, drop, leaving } from "./confirm-close";
import { ring } from "./focus-loop";
import { skipping } from "../stage/item-conditions";
import { ticking } from "./auto-advance";

export { css };
export { light } from "./multi-spotlight";

/** Take part in one showing, before it is drawn. */
export function begin(showing: Showing<unknown>, kit: Kit): Promise<void> {
  given.kit = kit;
  leaving(showing);
  return skipping(showing);
}

/** A dialog that may do more than close. */
export function surface(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { close, closable, advance, layout, dim } = options;
  const isFixed = closable === false;
  const isBlocking = layout === "popover" && dim && options.around === "block";
  if (isBlocking) options.focus = true;
  if (isFixed) options.close = () => undefined;
  const made = dialog(root, options);
  const { node } = made;
  // what the browser would close by itself is closed by us, or not at all
  if (isFixed || asks.has(close)) node.setAttribute("closedby", "none");
  if (isBlocking) node.setAttribute("aria-modal", "true");
  const lives = [around(root, node, options), () => () => drop(close)];
  if (isBlocking) lives.push(ring(node, options));
  if (advance === "time") lives.push(ticking(root, node, options));
  return living(made, lives);
}

/** What lives while the surface is on the screen: each begins with it, and hands back how it ends. */
function living(surface: Surface, lives: (() => () => void)[]): Surface {
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
