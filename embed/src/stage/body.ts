/** Fetches the body of a guide that was delivered without it. Loaded with the first such guide. */

import { connection } from "../core/exports";
import type { Delivery } from "../types/protocol";

export async function fetchBody(guide: Delivery): Promise<unknown> {
  const answer = await fetch(`${connection.origin}/embed/body/${guide.body_hash}`, { credentials: "omit" });
  return (guide.body = await answer.json());
}
