/** Loads the chunks that a body needs beside its renderer, as the boot answer lists them. */

import { type ChunkName, chunks } from "../core/exports";
import { extensions } from "../ui/extensions";
import { addStylesheet } from "../ui/stylesheets";

/** Chunks with css extend the kit; any other is only fetched ahead of its use. */
export async function loadFeatures(names: ChunkName[] = [], root: ShadowRoot): Promise<void> {
  for (const chunk of await Promise.all(names.map(chunks.load)))
    if ("css" in chunk) {
      Object.assign(extensions, chunk);
      addStylesheet(root, chunk.css);
    }
}
