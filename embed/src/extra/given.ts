/** The kit, as the latest showing was given it. */

import type { Kit } from "../kit/types";

export const given: { kit?: Kit } = {};
