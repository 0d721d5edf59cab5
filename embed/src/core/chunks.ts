/** Loads another file of this build, by its name in build/chunks.json. */

import type chunks from "../../build/chunks.json";
import type { Chunks } from "../types/contracts";

export type ChunkName = keyof typeof chunks | `strings-${string}`;

export const files = { load: <Name extends ChunkName>(name: Name): Promise<Chunks[Name]> => import(new URL(name + ".js", import.meta.url).href) };
