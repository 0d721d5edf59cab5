/** The runtime, as handed over when the kit was loaded. */

import type { Core, FullKit } from "./host";

export let core: Core;
export let kit: FullKit;

export function setCore(given: Core, made: FullKit): void {
  core = given;
  kit = made;
}
