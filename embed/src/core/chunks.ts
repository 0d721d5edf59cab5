/** Loads another file of this build, by its name in build/chunks.json. */

import type list from "../../build/chunks.json";
import type { Chunks } from "../types/contracts";

export type ChunkName = keyof typeof list | `strings-${string}`;

export const chunks = { load: <Name extends ChunkName>(name: Name): Promise<Chunks[Name]> => import(new URL(name + ".js", import.meta.url).href) };
