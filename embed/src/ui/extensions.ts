/** Optional abilities of the kit: chunks loaded later register themselves here; a plain guide needs none of them. */

import type { KitExtensions } from "../types/contracts";

export const extensions: KitExtensions = {};
