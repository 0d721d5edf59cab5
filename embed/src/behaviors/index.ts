/** The behaviors chunk: steps that cannot be closed, ask before closing, react to clicks outside, advance by time, or light up several elements. */

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

/** Extends one showing, before its renderer draws it. */
export function prepare(showing: Showing<unknown>, kit: Kit): Promise<void> {
  kitRef.kit = kit;
  confirmClose(showing);
  return excludeItems(showing);
}

/** A surface with the behaviors that its options ask for. */
export function surface(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { close, closable, advance, layout, backdrop: dim } = options;
  const isFixed = closable === false;
  const isBlocking = layout === "popover" && dim && options.backdrop_clicks === "block";
  if (isBlocking) options.focus = true;
  if (isFixed) options.close = () => undefined;
  const dialog = createSurface(root, options);
  const { node } = dialog;
  // the browser must not close it by itself
  if (isFixed || confirming.has(close)) node.setAttribute("closedby", "none");
  if (isBlocking) node.setAttribute("aria-modal", "true");
  const lives = [outsideClick(root, node, options), () => () => cancelFor(close)];
  if (isBlocking) lives.push(focusLoop(node, options));
  if (advance === "time") lives.push(autoAdvance(root, node, options));
  return withLifetime(dialog, lives);
}

/** Runs these effects while the surface is shown; each returns its cleanup. */
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
