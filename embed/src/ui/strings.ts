/** The strings of the embed, in the host's language. English is built in, each other language is a file. */

import { chunks, warn } from "../core/exports";
import { close, done, next, reach, step } from "../strings/en.json";

/** The strings most guides use; chunks loaded later bring theirs. */
const en = { close, done, next, reach, step };
let strings: Record<string, string> = en;
/** Settles when the strings of the language are loaded. */
export let stringsReady: Promise<unknown> | undefined;

export const directionOf = (locale: string): "rtl" | "ltr" => (/^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i.test(locale) ? "rtl" : "ltr");

/** Sets the language: "pt-BR" falls back to "pt", then to English; the project's own strings come first. */
export function setLanguage(locale: string, projectStrings: Record<string, string> | undefined): void {
  const language = locale.split("-")[0]!.toLowerCase();
  strings = { ...en, ...projectStrings };
  if (HANDRAIL_LANGUAGES.includes(language))
    stringsReady = chunks.load(`strings-${language}`).then((file) => (strings = { ...strings, ...file.default, ...projectStrings })).catch(warn);
}

export const t = (key: string, values: Record<string, string | number> = {}): string => (strings[key] ?? key).replace(/\{(\w+)\}/g, (placeholder, name: string) => (values[name] ?? placeholder) as string);
