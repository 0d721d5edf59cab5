/** Optional abilities of the kit: chunks loaded later register themselves here; a plain guide needs none of them. */

import type { Learned } from "../types/contracts";

export const learned: Learned = {};
