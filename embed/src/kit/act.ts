/** What a button does beyond its own guide. */

import type { Action } from "bodies";
import { isLink } from "./more";
import { guides, show } from "./shared";

export function act(action: Action): void {
  if (action.do === "start") {
    const guide = guides.get(action.guide);
    if (guide) void show(guide, { asked: true, again: true });
  } else if (action.do === "open" && isLink(action.url)) {
    if (action.new_tab) window.open(action.url, "_blank", "noopener,noreferrer");
    else location.assign(action.url);
  }
}
