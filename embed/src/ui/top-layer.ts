/** The open surfaces, and how they stay on top of the page. */

import type { Surface, SurfaceOptions } from "../types/kit";

/** The host page's own elements in the top layer. */
export const HOST_TOP_LAYER = ":is(dialog:modal,:popover-open:not([popover=manual]))";

/** A surface with what the keyboard handling needs. */
export interface OpenSurface extends Surface {
  readonly options: SurfaceOptions;
  raise(): void;
  enter(): void;
  /** Had the focus before. */
  focusedBefore?: EventTarget | null;
  /** Tab has moved into it once. */
  wasEntered?: boolean;
}

export const openSurfaces: OpenSurface[] = [];
let since = 0;
let raised = 0;

/** Raises all surfaces again, after the page opened something or removed our element; at most 8 times a second, so that a fight with the page ends. */
export function raiseAll(): void {
  const now = Date.now();
  if (now - since > 1000) [since, raised] = [now, 0];
  if (raised++ < 8) openSurfaces.forEach((each) => each.raise());
}
