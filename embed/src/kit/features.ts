/** Loads the chunks that a body needs beside its renderer, as the boot answer lists them. */

import { type ChunkName, files } from "../core/exports";
import { learned } from "../ui/extensions";
import { adopt } from "../ui/stylesheets";

/** Chunks with css extend the kit; any other is only fetched ahead of its use. */
export async function learnFor(chunks: ChunkName[] = [], root: ShadowRoot): Promise<void> {
  for (const chunk of await Promise.all(chunks.map(files.load)))
    if ("css" in chunk) {
      Object.assign(learned, chunk);
      adopt(root, chunk.css);
    }
}
