/** The host's options: how our guides look, and functions it runs in place of ours. */

import type { Options } from "../types/protocol";

export const options: Options = Object.create(null);
