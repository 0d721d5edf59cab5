/** Our own few words, in the language the host asked for. English is at hand, the others are files of their own. */

import { chunks, warn } from "../core/exports";
import { close, done, next, reach, step } from "../strings/en.json";

/** What most guides say; what else is said brings its own. */
const en = { close, done, next, reach, step };
let strings: Record<string, string> = en;
/** Settled when the words of the language are there. */
export let stringsReady: Promise<unknown> | undefined;

export const directionOf = (locale: string): "rtl" | "ltr" => (/^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(locale) ? "rtl" : "ltr");

/** "pt-BR" is looked for as "pt", and where there is none, English speaks; words of the project's own come first. */
export function setLanguage(locale: string, projectStrings: Record<string, string> | undefined): void {
  const language = locale.split("-")[0]!.toLowerCase();
  strings = { ...en, ...projectStrings };
  if (HANDRAIL_LANGUAGES.includes(language))
    stringsReady = chunks.load(`strings-${language}`).then((file) => (strings = { ...strings, ...file.default, ...projectStrings })).catch(warn);
}

export const t = (key: string, values: Record<string, string | number> = {}): string => (strings[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => (values[name] ?? whole) as string);
