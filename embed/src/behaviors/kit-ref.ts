/** The kit, as the latest showing was given it. */

import type { Kit } from "../types/kit";

export const kitRef: { kit?: Kit } = {};
