/** The surfaces that are open, and their place above what the page shows. */

import type { Surface, SurfaceOptions } from "../types/kit";

/** What lies above all else, and is the page's own. */
export const HOST_TOP_LAYER = ":is(dialog:modal,:popover-open:not([popover=manual]))";

/** A surface as the keyboard sees it. */
export interface OpenSurface extends Surface {
  readonly options: SurfaceOptions;
  raise(): void;
  enter(): void;
  /** Who had the focus. */
  focusedBefore?: EventTarget | null;
  /** Tab has led here before. */
  wasEntered?: boolean;
}

export const openSurfaces: OpenSurface[] = [];
let since = 0;
let raised = 0;

/** Back on top: the page opened something of its own, or threw our element away. Whoever insists on the top as well has it in the end. */
export function raiseAll(): void {
  const now = Date.now();
  if (now - since > 1000) [since, raised] = [now, 0];
  if (raised++ < 8) openSurfaces.forEach((each) => each.raise());
}
