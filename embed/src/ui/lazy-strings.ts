/** Words that only a part loaded later says: English is at hand there, another language has them in its file. */

import { say } from "./exports";

export const wordsOf =
  <Key extends string>(english: Record<Key, string>) =>
  (key: Key, values: Record<string, string | number> = {}): string =>
    say(say(key) === key ? english[key] : key, values);
