/** window.handrail: every call is safe at any time, calls that change something return a promise, nothing throws. */

import type { QueuedCall } from "../types/contracts";
import { sanitize, toFacts, toId, readOption } from "./sanitize";
import { guard, warn } from "./guard";
import { off, on, once, emitHostEvent } from "./host-events";
import { checkUrl } from "./navigation";
import { options } from "./options";
import { setConsent, boot, applyAppearance, init, callGuideApi, ready, refresh, reset, stage, switchIdentity } from "./session";
import { trackBuffer } from "./track-buffer";
import { send } from "./transport";
import { setCompany, identify, hasChanges, updateAttributes, identity } from "./identity";

type Call = (...args: never[]) => unknown;

const identityCalls: Record<string, Call> = {
  async identify(userId: unknown, ...rest: unknown[]) {
    const id = toId(userId);
    if (!id) return false;
    if (identity.person && identity.person.id !== id) reset();
    if (!hasChanges("identify", id, ...rest)) return true;
    switchIdentity(() => identify(id, rest[0], rest[1]), true);
    const isDone = await refresh();
    if (isDone) emitHostEvent("identified", { id, verified: !!boot?.person?.verified });
    return isDone;
  },
  async identifyAnonymous(attributes?: unknown) {
    if (identity.person) reset();
    updateAttributes(attributes);
    return refresh();
  },
  async updateUser(attributes: unknown) {
    if (!hasChanges("updateUser", attributes)) return true;
    updateAttributes(attributes);
    return refresh();
  },
  async group(companyId: unknown, ...rest: unknown[]) {
    const id = toId(companyId);
    if (!id) return false;
    if (!hasChanges("group", id, ...rest)) return true;
    setCompany(id, rest[0], rest[1]);
    return refresh();
  },
  async updateGroup(attributes: unknown) {
    if (!identity.company) return false;
    setCompany(identity.company.id, attributes, { token: identity.company.token });
    return refresh();
  },
  isIdentified: () => !!identity.person,
  async reset() {
    reset();
  },
  async track(event: unknown, props?: unknown, options?: unknown) {
    const name = toId(event);
    if (!name) return false;
    const facts = toFacts(props);
    send(name, {}, { ...facts, ...(readOption(options, "userOnly") === true && { user_only: true }) });
    if (trackBuffer.push([name, facts, Date.now(), identity.person?.id]) > 50) trackBuffer.shift();
    return true;
  },
  async page(url?: unknown) {
    checkUrl(url ? new URL(url as string, location.href).href : undefined);
  },
};

const otherCalls: Record<string, Call> = {
  async init(key: unknown, hostOptions?: unknown) {
    if (key && typeof key === "string") init(key, toFacts(hostOptions));
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
    return all.filter((each) => (["kind", "state"] as const).every((name) => (readOption(filter, name) ?? each[name]) === each[name]));
  },
  optOut: () => setConsent(false),
  optIn: () => setConsent(true),
};

/** setLocale(), setNavigate() and the like: stores the option under its name, "locale", "navigate". */
async function setOption(name: string, [value]: unknown[]): Promise<void> {
  options[name[3]!.toLowerCase() + name.slice(4)] = typeof value === "function" ? value : sanitize(value);
  checkUrl();
  applyAppearance();
}

/** Installs window.handrail and replays the calls made before. */
export function install(queue: QueuedCall[]): void {
  const calls: Record<string, unknown> = Object.assign(Object.create(null), identityCalls, otherCalls);
  for (const [name, call] of Object.entries(calls)) calls[name] = safe(call as Call);
  calls["version"] = HANDRAIL_VERSION;
  const read = (target: typeof calls, name: string | symbol): unknown => (typeof name === "symbol" || name === "then" ? undefined : (target[name] ??= safe((...args: unknown[]) => (/^set./.test(name) ? setOption : callGuideApi)(name, args))));
  const api = new Proxy(calls, { get: read });
  (window as { handrail?: unknown }).handrail = api;
  const replay = ([name, args, resolve]: QueuedCall): void => {
    const result = (api[name] as (...args: unknown[]) => unknown)(...args);
    resolve?.(result);
  };
  // init comes first, so that earlier calls go to its environment
  const early = queue.splice(0).sort(([a], [b]) => +(b === "init") - +(a === "init"));
  // a host that kept a reference to the stub still reaches us
  Object.defineProperty(queue, "push", { __proto__: null, value: (...more: QueuedCall[]) => more.forEach(guard(replay)) } as PropertyDescriptor);
  queue.push(...early);
}

function safe(call: Call): (...args: unknown[]) => unknown {
  const guarded = guard(call) as (...args: unknown[]) => unknown;
  return (...args) => {
    const result = guarded(...args);
    return result instanceof Promise ? result.catch((problem) => (warn(problem), false)) : result;
  };
}
