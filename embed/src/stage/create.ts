/** Creates the stage on which guides show; the export of the kit chunk. */

import { lifetime, identityKey } from "../core/exports";
import { createKit } from "../kit/kit";
import type { Appearance, Stage } from "../types/contracts";
import { removeRoot } from "../ui/root";
import { getProgress, switchOwner } from "./progress";
import { syncWithOtherTabs, clearStage, receive } from "./scheduler";
import { stateOf } from "./state";

/** Called by the runtime, once. */
export function createStage(appearance: Appearance): Stage {
  const { applyAppearance } = createKit(appearance);
  // progress made before signing in belongs to the person who signs in
  switchOwner(identityKey(""));
  switchOwner(identityKey(), true);
  lifetime.signal.addEventListener("abort", () => {
    clearStage();
    removeRoot();
  });
  return {
    receive,
    reschedule: () => syncWithOtherTabs(true),
    switchIdentity(who, same) {
      if (!same) clearStage();
      switchOwner(who, same);
    },
    syncTabs: syncWithOtherTabs,
    stateOf,
    itemOf: (id) => getProgress(id).item,
    applyAppearance,
  };
}
