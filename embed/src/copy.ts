/** A bounded copy of what the host page hands over: plain values only, own keys only, never a throw. */

import type { Facts, Json } from "./types";

const DEPTH = 4;
const KEYS = 100;
const LENGTH = 1024;
const BARRED = /^(__proto__|constructor|prototype)$/;

function plain(value: object, depth: number): Json | undefined {
  if (value instanceof Date) return value.toISOString();
  if (depth <= 0) return undefined;
  if (Array.isArray(value)) return list(value, depth);
  if (Object.prototype.toString.call(value) !== "[object Object]") return undefined;
  const made: Facts = Object.create(null);
  for (const key of Object.keys(value).slice(0, KEYS)) {
    if (BARRED.test(key) || key.length > 200) continue;
    const held = copied((value as Record<string, unknown>)[key], depth - 1);
    if (held !== undefined) made[key] = held;
  }
  return made;
}

function list(value: unknown[], depth: number): Json {
  const made: Json[] = [];
  for (const entry of value.slice(0, KEYS)) {
    const held = copied(entry, depth - 1);
    if (held !== undefined) made.push(held);
  }
  // a page may have given all arrays a toJSON of its own
  Object.defineProperty(made, "toJSON", { value: undefined });
  return made;
}

/** The value, or undefined where it cannot be told as JSON within bounds. */
export function copied(value: unknown, depth = DEPTH): Json | undefined {
  try {
    switch (typeof value) {
      case "string":
        return value.length > LENGTH ? undefined : value;
      case "number":
        return Number.isFinite(value) ? value : undefined;
      case "boolean":
        return value;
      case "bigint":
        return String(value);
      case "object":
        return value && plain(value, depth);
    }
  } catch {
    // a getter or a proxy that throws
  }
  return undefined;
}

/** The facts in it; an empty record for anything else. */
export function facts(value: unknown): Facts {
  const held = copied(value);
  return held && typeof held === "object" && !Array.isArray(held) ? held : Object.create(null);
}

/** An id as text, or null where it is none. */
export function idOf(value: unknown): string | null {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  return typeof text === "string" && text.trim() && text.length <= 200 ? text : null;
}

export function textOf(value: unknown, longest = 4096): string | null {
  return typeof value === "string" && value.length <= longest ? value : null;
}

/** One own property of what the host gave, whatever it is. */
export function option(from: unknown, name: string): unknown {
  try {
    return from && typeof from === "object" && Object.prototype.hasOwnProperty.call(from, name) ? (from as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}
