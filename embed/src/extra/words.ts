/** Words that only these steps say: English is at hand here, another language has them in its file. */

import { say } from "../kit/shared";
import { ask, leave, stay, time } from "../strings/en.json";

const english = { ask, leave, stay, time };

export function word(key: keyof typeof english, values: Record<string, string | number> = {}): string {
  return say(say(key) === key ? english[key] : key, values);
}
