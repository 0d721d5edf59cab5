/** The latest calls of track(), until what starts guides is loaded and takes them over. */

import type { Tracked } from "../types/protocol";

export const tracked: Tracked[] = [];
