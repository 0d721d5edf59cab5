/** The kit of the latest showing. */

import type { Kit } from "../types/kit";

export const kitRef: { kit?: Kit } = {};
