/** Stored values of one environment: in localStorage where that works and is allowed, else in memory. */

import { json } from "./guard";

const memory = new Map<string, string>();

/** While `allowed` is false (consent is required and missing), nothing is written. */
export const store = { prefix: "", allowed: true };

export function read(name: string): unknown {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(store.prefix + name);
  } catch {
    // storage is blocked: memory has to do
  }
  try {
    return JSON.parse(text ?? memory.get(name) ?? "null");
  } catch {
    return null;
  }
}

/** False when it could not be stored beyond this page. */
export function write(name: string, value: unknown): boolean {
  const text = json(value);
  memory.set(name, text);
  try {
    if (store.allowed) localStorage.setItem(store.prefix + name, text);
  } catch {
    return false;
  }
  return true;
}

/** Removes everything that is stored. */
export function clear(): void {
  memory.clear();
  try {
    for (const name of Object.keys(localStorage)) if ((name + ":").startsWith(store.prefix + ":")) localStorage.removeItem(name);
  } catch {
    // storage is blocked
  }
}
