/** The latest calls of track(), until what starts guides is loaded and takes them over. */

import type { TrackedEvent } from "../types/protocol";

export const trackBuffer: TrackedEvent[] = [];
