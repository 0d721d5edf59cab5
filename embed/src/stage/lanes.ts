/** Which guides may be on screen together: one in the focus lane, one in the corner, any number inline. */

import type { Lane } from "../types/protocol";

export interface Candidate {
  id: string;
  lane: Lane;
  priority: number;
}

/** Chooses the guides that may show now: those already started first, then by priority. */
export function chooseByLane<C extends Candidate>(ready: readonly C[], isBegun: (id: string) => boolean, occupied: Set<Lane>): C[] {
  const order = [...ready].sort((a, b) => +isBegun(b.id) - +isBegun(a.id) || b.priority - a.priority);
  return order.filter(({ lane }) => lane === "inline" || (!occupied.has(lane) && occupied.add(lane)));
}
