/** Our own few words, in the language the host asked for. */

import ar from "../strings/ar.json";
import en from "../strings/en.json";
import fil from "../strings/fil.json";
import ro from "../strings/ro.json";

const all: Record<string, Record<string, string>> = { en, ar, ro, fil };
const RTL = /^(ar|arc|ckb|dv|fa|he|iw|ks|ps|sd|ug|ur|yi)\b/i;

export const directionOf = (locale: string): "rtl" | "ltr" => (RTL.test(locale) ? "rtl" : "ltr");

/** "pt-BR" is looked for as it is, then as "pt", then English speaks. */
export function words(locale: string, own: Record<string, string> = {}): (key: string, values?: Record<string, string | number>) => string {
  const spoken: (Record<string, string> | undefined)[] = [own, all[locale.toLowerCase()], all[locale.split("-")[0]!.toLowerCase()], en];
  return (key, values = {}) => {
    const text = spoken.find((each) => each && typeof each[key] === "string")?.[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
