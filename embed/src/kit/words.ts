/** A renderer's own words. Loaded with the first renderer that exports `strings`. */

import type { Kit, Strings } from "../types/kit";

/** The kit with these words, which come before those of the embed; a language without a word has the English one. */
export function withStrings<K extends Kit>(kit: K, strings: Strings, locale: string): K {
  const words = { ...strings["en"], ...strings[locale.split("-")[0]!], ...strings[locale] };
  return { ...kit, t: (key, values) => kit.t(Object.hasOwn(words, key) ? words[key]! : key, values) };
}
