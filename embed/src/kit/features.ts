/** Loads the chunks that a body needs beside its renderer, as the boot answer lists them. */

import { type ChunkName, chunks } from "../core/exports";
import { extensions } from "../ui/extensions";
import { addStylesheet } from "../ui/stylesheets";

/** The chunks extend the kit, and bring their css. */
export async function loadFeatures(names: ChunkName[] = [], root: ShadowRoot): Promise<void> {
  for (const chunk of await Promise.all(names.map(chunks.load))) {
    Object.assign(extensions, chunk);
    if ("css" in chunk) addStylesheet(root, chunk.css);
  }
}
