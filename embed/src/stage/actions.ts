/** Runs the actions of buttons that lead out of their guide. */

import type { Action } from "bodies";
import { options } from "../core/exports";
import { isLink } from "../richtext/links";
import { guides, show } from "./exports";

export function runAction(action: Action): void {
  if (action.do === "start") {
    const guide = guides.get(action.guide);
    if (guide) void show(guide, { mayFocus: true, restart: true });
  } else if (action.do === "open" && isLink(action.url)) {
    if (action.new_tab) window.open(action.url, "_blank", "noopener,noreferrer");
    else navigate(new URL(action.url, location.href));
  }
}

/** Goes to an address, within the host's site by its own router where setNavigate() gave one. */
function navigate({ href, origin }: URL): void {
  if (origin === location.origin && typeof options.navigate === "function") options.navigate(href.slice(origin.length));
  else location.assign(href);
}
