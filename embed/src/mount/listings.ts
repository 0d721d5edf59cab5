/** What other guides say about themselves, as the boot answer lists them. */

import { boot } from "../core/exports";
import { stateOf } from "../stage/exports";
import type { Listed } from "../types/kit";

/** The listings of these guides that the person may see, in that order; all without ids. */
export function listings(ids?: readonly string[]): Listed[] {
  const all = boot?.listings ?? {};
  return (ids ?? Object.keys(all)).flatMap((id) => {
    const listing = Object.hasOwn(all, id) && all[id];
    return listing ? [{ id, summary: "", image: "", at: null, ...listing, status: stateOf(id) }] : [];
  });
}
