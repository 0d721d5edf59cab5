/** The stage on which guides show; the kit chunk's export. */

import { lifetime, identityKey } from "../core/exports";
import { createKit } from "../kit/kit";
import type { Appearance, Stage } from "../types/contracts";
import { removeRoot } from "../ui/root";
import { getProgress, switchOwner } from "./progress";
import { syncWithOtherTabs, clearStage, receive } from "./scheduler";
import { stateOf } from "./state";

/** Called by the runtime, once: the stage on which guides show. */
export function createStage(look: Appearance): Stage {
  const { applyAppearance } = createKit(look);
  // what was done here before somebody signed in is theirs
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
