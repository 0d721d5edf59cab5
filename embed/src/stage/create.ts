/** The stage on which guides show; the kit chunk's export. */

import { life, whoKey } from "../core/exports";
import { createKit } from "../kit/kit";
import type { Look, Stage } from "../types/contracts";
import { leaveHome } from "../ui/root";
import { recall, turnMemory } from "./progress";
import { catchUp, clearStage, receive } from "./scheduler";
import { stateOf } from "./state";

/** Called by the runtime, once: the stage on which guides show. */
export function createStage(look: Look): Stage {
  const { dress } = createKit(look);
  // what was done here before somebody signed in is theirs
  turnMemory(whoKey(""));
  turnMemory(whoKey(), true);
  life.signal.addEventListener("abort", () => {
    clearStage();
    leaveHome();
  });
  return {
    receive,
    ask: () => catchUp(true),
    turnTo(who, same) {
      if (!same) clearStage();
      turnMemory(who, same);
    },
    sync: catchUp,
    stateOf,
    itemOf: (id) => recall(id).item,
    dress,
  };
}
