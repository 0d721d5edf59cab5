/** What the parts loaded later have taught the kit; a plain guide needs none of them. */

import type { Light } from "../position/spotlight";
import type { renderText } from "../richtext/render";
import type { Kit, Showing, Standing, Surface, SurfaceOptions } from "../types/kit";

export interface Learned {
  renderText?: typeof renderText;
  /** Take part in one showing, before it is drawn. */
  begin?(showing: Showing<unknown>, kit: Kit): Promise<void>;
  surface?(root: ShadowRoot, options: SurfaceOptions): Surface;
  /** A light that does more than the plain one, where that is asked for. */
  light?(root: ShadowRoot, surface: Surface, standing: Standing): Light | undefined;
}

export const learned: Learned = {};
