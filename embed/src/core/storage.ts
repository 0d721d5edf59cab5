/** Values of one environment: in localStorage where that works and is allowed, and in this page otherwise. */

import { json } from "./guard";

const memory = new Map<string, string>();

/** `allowed` is false until the person agreed, where consent is required: then nothing is written. */
export const store = { prefix: "", allowed: true };

export function read(name: string): unknown {
  let text: string | null | undefined;
  try {
    text = localStorage.getItem(store.prefix + name);
  } catch {
    // what this page remembers must do
  }
  try {
    return JSON.parse(text ?? memory.get(name) ?? "null");
  } catch {
    return null;
  }
}

/** False when there was no room for it outside of this page. */
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

/** Remove every trace. */
export function clear(): void {
  memory.clear();
  try {
    for (const name of Object.keys(localStorage)) if ((name + ":").startsWith(store.prefix + ":")) localStorage.removeItem(name);
  } catch {
    // nothing was kept
  }
}
