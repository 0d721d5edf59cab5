/** A bounded copy of what the host page hands over: plain values only, own keys only, never a throw. */

import type { Facts, Json } from "../types/protocol";

const MOST = 100;
const BARRED = /^(__proto__|constructor|prototype)$/;

export const empty = (): Facts => Object.create(null) as Facts;

function inner(value: object, depth: number): Json | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "Date") return (value as Date).toISOString();
  if (!depth || (tag !== "Object" && tag !== "Array")) return undefined;
  const made = empty();
  for (const key of Object.keys(value).slice(0, MOST)) {
    const held = BARRED.test(key) || key.length > 200 ? undefined : copied((value as Facts)[key], depth - 1);
    if (held !== undefined) made[key] = held;
  }
  return tag === "Array" ? Object.values(made) : made;
}

/** The value, or undefined where it cannot be told as JSON within bounds. */
export function copied(value: unknown, depth = 4, longest = 1024): Json | undefined {
  try {
    if (value === null || typeof value === "boolean" || Number.isFinite(value)) return value as Json;
    if (typeof value === "string" && value.length <= longest) return value;
    if (typeof value === "object") return inner(value, depth);
  } catch {
    // a getter or a proxy that throws
  }
  return undefined;
}

/** The facts in it; an empty record for anything else. */
export function facts(value: unknown): Facts {
  const held = copied(value);
  return held && typeof held === "object" && !Array.isArray(held) ? held : empty();
}

/** An id as text; empty where it is none. */
export function idOf(value: unknown): string {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  return typeof text === "string" && text.length <= 200 ? text.trim() : "";
}

/** One own property of what the host gave, as plain value. */
export function option(from: unknown, name: string): Json | undefined {
  try {
    return Object.hasOwn(from as object, name) ? copied((from as Facts)[name], 4, 4096) : undefined;
  } catch {
    return undefined;
  }
}
