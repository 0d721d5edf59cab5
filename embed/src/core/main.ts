/** The entry of the runtime chunk: called by the loader, once. */

import type { Handover } from "../types/contracts";
import { guard } from "./guard";
import { install } from "./public-api";
import { start } from "./session";

export default guard((handover: Handover): void => {
  start(handover);
  install(handover.queue);
  document.dispatchEvent(new CustomEvent("handrail:ready"));
});
