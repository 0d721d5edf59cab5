/** Words that only these steps say. */

import { wordsOf } from "../ui/lazy-strings";
import { ask, leave, stay, time } from "../strings/en.json";

export const word = wordsOf({ ask, leave, stay, time });
