/** Words that only a part loaded later says: English is at hand there, another language has them in its file. */

import { t } from "./exports";

export const lazyStrings =
  <Key extends string>(english: Record<Key, string>) =>
  (key: Key, values: Record<string, string | number> = {}): string =>
    t(t(key) === key ? english[key] : key, values);
