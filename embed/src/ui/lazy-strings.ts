/** Strings of a chunk loaded later: it brings the English, other languages have them in their file. */

import { t } from "./exports";

export const lazyStrings =
  <Key extends string>(english: Record<Key, string>) =>
  (key: Key, values: Record<string, string | number> = {}): string =>
    t(t(key) === key ? english[key] : key, values);
