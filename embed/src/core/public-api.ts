/** window.handrail: every call safe at any time, mutators answer with a promise, nothing throws. */

import type { Queued } from "../types/contracts";
import { copied, facts, idOf, option } from "./sanitize";
import { guard, warn } from "./guard";
import { off, on, once, tell } from "./host-events";
import { look } from "./navigation";
import { options } from "./options";
import { agree, boot, dress, init, late, ready, refresh, reset, stage, turnTo } from "./session";
import { tracked } from "./track-buffer";
import { send } from "./transport";
import { group, identify, isNews, update, who } from "./identity";

type Call = (...args: never[]) => unknown;

const people: Record<string, Call> = {
  async identify(given: unknown, ...more: unknown[]) {
    const id = idOf(given);
    if (!id) return false;
    if (who.person && who.person.id !== id) reset();
    if (!isNews("identify", id, ...more)) return true;
    turnTo(() => identify(id, more[0], more[1]), true);
    const fine = await refresh();
    if (fine) tell("identified", { id, verified: !!boot?.person?.verified });
    return fine;
  },
  async identifyAnonymous(attributes?: unknown) {
    if (who.person) reset();
    update(attributes);
    return refresh();
  },
  async updateUser(attributes: unknown) {
    if (!isNews("updateUser", attributes)) return true;
    update(attributes);
    return refresh();
  },
  async group(given: unknown, ...more: unknown[]) {
    const id = idOf(given);
    if (!id) return false;
    if (!isNews("group", id, ...more)) return true;
    group(id, more[0], more[1]);
    return refresh();
  },
  async updateGroup(attributes: unknown) {
    if (!who.company) return false;
    group(who.company.id, attributes, { token: who.company.token });
    return refresh();
  },
  isIdentified: () => !!who.person,
  async reset() {
    reset();
  },
  async track(given: unknown, props?: unknown, more?: unknown) {
    const name = idOf(given);
    if (!name) return false;
    const said = facts(props);
    send(name, {}, { ...said, ...(option(more, "userOnly") === true && { user_only: true }) });
    if (tracked.push([name, said, Date.now(), who.person?.id]) > 50) tracked.shift();
    return true;
  },
  async page(url?: unknown) {
    look(url ? new URL(url as string, location.href).href : undefined);
  },
};

const rest: Record<string, Call> = {
  async init(key: unknown, given?: unknown) {
    if (key && typeof key === "string") init(key, facts(given));
  },
  async ready(fn?: () => void) {
    await ready;
    fn?.();
  },
  on,
  off,
  once,
  isStarted: (id: string) => stage?.stateOf(id) === "shown",
  list(filter?: unknown) {
    const all = (boot?.guides ?? []).map(({ id, kind, version, progress }) => ({ id, kind, version, state: stage?.stateOf(id) ?? (progress?.status || "waiting"), item: (stage ? stage.itemOf(id) : progress?.item) ?? null }));
    return all.filter((each) => (["kind", "state"] as const).every((name) => (option(filter, name) ?? each[name]) === each[name]));
  },
  optOut: () => agree(false),
  optIn: () => agree(true),
};

/** What the host sets is kept under its name for whoever asks: how we look, and what it does itself in our place. */
async function set(name: string, [value]: unknown[]): Promise<void> {
  options[name[3]!.toLowerCase() + name.slice(4)] = typeof value === "function" ? value : copied(value);
  look();
  dress();
}

/** Put window.handrail in place and make up for the calls made before. */
export function install(queue: Queued[]): void {
  const calls: Record<string, unknown> = Object.assign(Object.create(null), people, rest);
  for (const [name, call] of Object.entries(calls)) calls[name] = safe(call as Call);
  calls["version"] = HANDRAIL_VERSION;
  const get = (held: typeof calls, name: string | symbol): unknown => (typeof name === "symbol" || name === "then" ? undefined : (held[name] ??= safe((...args: unknown[]) => (/^set./.test(name) ? set : late)(name, args))));
  const api = new Proxy(calls, { get });
  (window as { handrail?: unknown }).handrail = api;
  const replay = ([name, args, resolve]: Queued): void => {
    const result = (api[name] as (...args: unknown[]) => unknown)(...args);
    resolve?.(result);
  };
  // what was said before it was known of which environment, is said of that one
  const early = queue.splice(0).sort(([a], [b]) => +(b === "init") - +(a === "init"));
  // whoever kept the stub keeps calling us
  Object.defineProperty(queue, "push", { __proto__: null, value: (...more: Queued[]) => more.forEach(guard(replay)) } as PropertyDescriptor);
  queue.push(...early);
}

function safe(call: Call): (...args: unknown[]) => unknown {
  const guarded = guard(call) as (...args: unknown[]) => unknown;
  return (...args) => {
    const result = guarded(...args);
    return result instanceof Promise ? result.catch((problem) => (warn(problem), false)) : result;
  };
}
