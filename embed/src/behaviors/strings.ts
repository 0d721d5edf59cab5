/** The strings of the behaviors. */

import { lazyStrings } from "../ui/lazy-strings";
import { ask, leave, stay, time } from "../strings/en.json";

export const t = lazyStrings({ ask, leave, stay, time });
