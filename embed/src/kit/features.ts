/** Loads the chunks that a body needs beside its renderer. */

import { files, json } from "../core/exports";
import { learned } from "../ui/extensions";
import { adopt } from "../ui/stylesheets";

/** What in a body needs a file of its own: addresses, marks and all blocks but plain paragraphs; steps that do more; windows and cards. */
const PARTS = { rich: /"(do":"open|type":"(?!doc"|paragraph|text"|person|break))/, extra: /"(closable|around|outside|also|ask_before_close|only|time)"/, shapes: /"layout":"[ms]/ };

/** Load what is needed to draw this body; where the server saw that coming it is on its way. */
export async function learnFor(body: unknown, root: ShadowRoot): Promise<void> {
  for (const part of await Promise.all((Object.keys(PARTS) as (keyof typeof PARTS)[]).filter((name) => PARTS[name].test(json(body))).map(files.load))) {
    Object.assign(learned, part);
    adopt(root, part.css);
  }
}
