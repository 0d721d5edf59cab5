/** The latest calls of track(), until the triggers chunk is loaded and takes them over. */

import type { TrackedEvent } from "../types/protocol";

export const trackBuffer: TrackedEvent[] = [];
