/** The behaviors chunk: surfaces that cannot be closed, ask before closing, react to clicks outside, advance by time, or light up several elements. */

import { createSurface } from "../ui/exports";
import type { Surface, SurfaceOptions } from "../types/kit";
import { backdropClick } from "./backdrop-click";
import css from "./behaviors.css";
import { cancelFor, confirmClose } from "./confirm-close";
import { countdownBar } from "./countdown";

export { css };
export { spotlight } from "./multi-spotlight";

/** A surface with the behaviors that its options ask for. */
export function surface(root: ShadowRoot, options: SurfaceOptions): Surface {
  const { closable, countdown } = options;
  const isFixed = closable === false;
  if (isFixed) options.close = () => undefined;
  else if (options.confirmClose) options.close = confirmClose(root, options.close);
  const { close } = options;
  const dialog = createSurface(root, options);
  const { node } = dialog;
  // the browser must not close it by itself
  if (isFixed || options.confirmClose) node.setAttribute("closedby", "none");
  const lives = [backdropClick(root, node, options), () => () => cancelFor(close)];
  if (countdown) lives.push(countdownBar(root, node, options, countdown));
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
