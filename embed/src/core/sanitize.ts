/** Copies what the host page passes in: plain values and own keys only, bounded in depth and size; never throws. */

import type { Facts, Json } from "../types/protocol";

const MAX_KEYS = 100;
const UNSAFE_KEY = /^(__proto__|constructor|prototype)$/;

export const emptyFacts = (): Facts => Object.create(null) as Facts;

function sanitizeObject(value: object, depth: number): Json | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "Date") return (value as Date).toISOString();
  if (!depth || (tag !== "Object" && tag !== "Array")) return undefined;
  const copy = emptyFacts();
  for (const key of Object.keys(value).slice(0, MAX_KEYS)) {
    const clean = UNSAFE_KEY.test(key) || key.length > 200 ? undefined : sanitize((value as Facts)[key], depth - 1);
    if (clean !== undefined) copy[key] = clean;
  }
  return tag === "Array" ? Object.values(copy) : copy;
}

/** The value as JSON within bounds, or undefined. */
export function sanitize(value: unknown, depth = 4, longest = 1024): Json | undefined {
  try {
    if (value === null || typeof value === "boolean" || Number.isFinite(value)) return value as Json;
    if (typeof value === "string" && value.length <= longest) return value;
    if (typeof value === "object") return sanitizeObject(value, depth);
  } catch {
    // a getter or a proxy that throws
  }
  return undefined;
}

/** A plain object of it; empty for anything else. */
export function toFacts(value: unknown): Facts {
  const clean = sanitize(value);
  return clean && typeof clean === "object" && !Array.isArray(clean) ? clean : emptyFacts();
}

/** An id as text; empty when it is not one. */
export function toId(value: unknown): string {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  return typeof text === "string" && text.length <= 200 ? text.trim() : "";
}

/** One own property of an object from the host, sanitized. */
export function readOption(from: unknown, name: string): Json | undefined {
  try {
    return Object.hasOwn(from as object, name) ? sanitize((from as Facts)[name], 4, 4096) : undefined;
  } catch {
    return undefined;
  }
}
