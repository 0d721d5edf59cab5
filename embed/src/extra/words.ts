/** Words that only these steps say: English is at hand here, another language has them in its file. */

import { say } from "../kit/shared";
import { ask, leave, stay, time } from "../strings/en.json";

const english = { ask, leave, stay, time };

export function word(key: keyof typeof english, values: Record<string, string | number> = {}): string {
  const said = say(key, values);
  return said === key ? english[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : said;
}
