/** The mount chunk (Feature.MOUNT): places for content that is no dialog, launchers, nodes beside elements, and lists of other guides. */

import type { FullKit } from "../types/contracts";
import { anchorPassively } from "./anchor";
import { createLauncher } from "./launcher";
import { listings } from "./listings";
import css from "./mount.css";
import { mount } from "./containers";
import { watchAll } from "./watch-all";

export { css };

let extended: FullKit | undefined;

/** Adds these abilities to the kit, once. */
export function extendKit(kit: FullKit): void {
  if (extended === kit) return;
  extended = kit;
  const { anchor, root } = kit;
  Object.assign(kit, {
    mount: (place) => mount(root, place),
    launcher: (options) => createLauncher(root, options),
    anchor: (content, target, options) => (options.passive || !("show" in content) ? anchorPassively(root, content, target, options) : anchor(content, target, options)),
    watchAll,
    listings,
  } satisfies Partial<FullKit>);
}
