/** Who may be on screen together: one in focus, one in the corner, any number inline. */

import type { Lane } from "./types";

export interface Candidate {
  id: string;
  lane: Lane;
  priority: number;
  /** Already begun by this person and not over. */
  begun: boolean;
}

/** Those that may show now, best first: what was begun goes on before anything new starts. */
export function choose<C extends Candidate>(ready: readonly C[], taken: ReadonlySet<Lane>): C[] {
  const full = new Set(taken);
  const order = [...ready].sort((a, b) => Number(b.begun) - Number(a.begun) || b.priority - a.priority);
  return order.filter(({ lane }) => {
    if (lane === "inline") return true;
    if (full.has(lane)) return false;
    full.add(lane);
    return true;
  });
}
