/** As much of a browser as the pure parts ask for; each test gets modules and globals of its own. */

import { mock } from "node:test";

export class FakeStorage {
  [name: string]: unknown;
  constructor() {
    for (const name of ["getItem", "setItem", "removeItem"]) Object.defineProperty(this, name, { enumerable: false, value: FakeStorage.methods[name] });
  }
  private static readonly methods: Record<string, unknown> = {
    getItem(this: Record<string, string>, name: string) {
      return Object.hasOwn(this, name) ? this[name] : null;
    },
    setItem(this: Record<string, string>, name: string, value: string) {
      if (this === full) throw new DOMException("full", "QuotaExceededError");
      this[name] = String(value);
    },
    removeItem(this: Record<string, string>, name: string) {
      delete this[name];
    },
  };
}

let full: unknown;
export const fill = (storage: FakeStorage): void => void (full = storage);

export function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** A storage that the page may not even look at. */
export function forbidStorage(): void {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new DOMException("denied", "SecurityError");
    },
  });
}

export interface Asked {
  path: string;
  body: { events: { id: string; name: string }[]; person: { id: string; token: string | null } | null; anonymous: string | null };
}

/** A server that answers each request with the next of its answers, and with the last one for ever. */
export function serve(...answers: (Response | Error | (() => Response))[]): Asked[] {
  const asked: Asked[] = [];
  define("fetch", async (url: string, init: RequestInit) => {
    asked.push({ path: new URL(url).pathname, body: JSON.parse(String(init.body)) });
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) throw answer;
    return typeof answer === "function" ? answer() : answer.clone();
  });
  return asked;
}

export const answer = (status: number, body: unknown = {}, headers: Record<string, string> = {}): Response => new Response(status === 204 ? null : JSON.stringify(body), { status, headers });

/** Let everything that is under way come to rest, then let time pass. */
export async function pass(ms = 0): Promise<void> {
  await rest();
  if (ms) mock.timers.tick(ms);
  await rest();
}

async function rest(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
  await new Promise((go) => setImmediate(go));
  for (let i = 0; i < 60; i++) await Promise.resolve();
}
