/** window.handrail: every call safe at any time, mutators answer with a promise, nothing throws. */

import { copied, facts, idOf, option } from "./copy";
import { guard, note, speakUp, warn } from "./guard";
import type { Options, Runtime } from "./runtime";
import type { Delivery } from "./types";

/** One call made before we came: name, arguments, and how to settle its promise. */
export type Queued = [string, unknown[], ((value: unknown) => void)?, ((reason: unknown) => void)?];

type Call = (...args: never[]) => unknown;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function people(runtime: Runtime): Record<string, Call> {
  const tell = async (booted: Promise<boolean>): Promise<boolean> => {
    const fine = await booted;
    if (fine) runtime.hooks.tell("identified", { id: runtime.who.person?.id ?? null, verified: !!runtime.boot?.person?.verified });
    return fine;
  };
  return {
    async identify(given: unknown, attributes?: unknown, options?: unknown) {
      const id = idOf(given);
      if (!id) return warn("identify needs an id"), false;
      const { who } = runtime;
      if (who.person && who.person.id !== id) runtime.reset();
      runtime.turnTo(() => who.identify(id, attributes, options), true);
      return tell(runtime.refresh());
    },
    async identifyAnonymous(attributes?: unknown) {
      if (runtime.who.person) runtime.reset();
      runtime.who.update(attributes);
      return runtime.refresh();
    },
    async updateUser(attributes: unknown) {
      runtime.who.update(attributes);
      return runtime.refresh();
    },
    async group(given: unknown, attributes?: unknown, options?: unknown) {
      const id = idOf(given);
      if (!id) return warn("group needs an id"), false;
      runtime.who.group(id, attributes, options);
      return runtime.refresh();
    },
    async updateGroup(attributes: unknown) {
      const { company } = runtime.who;
      if (!company) return false;
      runtime.who.group(company.id, attributes, { token: company.token });
      return runtime.refresh();
    },
    isIdentified: () => !!runtime.who.person,
    reset: async () => (runtime.reset(), true),
  };
}

function events(runtime: Runtime): Record<string, Call> {
  return {
    async track(given: unknown, props?: unknown, options?: unknown) {
      const name = idOf(given);
      if (!name) return false;
      runtime.send(name, {}, { ...facts(props), ...(option(options, "userOnly") === true && { user_only: true }) });
      return true;
    },
    page: async (url?: unknown) => (runtime.page.look(text(url) ? new URL(text(url), location.href).href : undefined), true),
  };
}

function guides(runtime: Runtime): Record<string, Call> {
  const { stage, memory, hooks } = runtime;
  const listed = (guide: Delivery): unknown => ({ id: guide.id, kind: guide.kind, version: guide.version, state: stage.state(guide), item: memory.get(guide.id)?.item ?? null });
  return {
    async start(id: unknown, options?: unknown) {
      const guide = await runtime.fetch(text(id));
      if (!guide || runtime.boot?.off) return false;
      const state = stage.state(guide);
      if (option(options, "once") === true && state !== "waiting") return false;
      return stage.show(guide, { item: text(option(options, "step")) || null, asked: true, again: option(options, "continue") !== true });
    },
    isStarted: (id: unknown) => stage.isShown(text(id)),
    async end(id?: unknown) {
      return id === undefined ? stage.endAll("host") : stage.end(text(id), "host");
    },
    endAll: async () => stage.endAll("host"),
    next: async () => stage.tell({ do: "next" }),
    back: async () => stage.tell({ do: "back" }),
    goTo: async (item: unknown) => stage.tell({ do: "goTo", item: String(item) }),
    async snooze(id: unknown, until: unknown) {
      const at = new Date(until as string).getTime();
      const guide = stage.guides.get(text(id));
      if (!guide || !(at > Date.now())) return false;
      memory.snooze(guide.id, at);
      stage.end(guide.id, null, true);
      runtime.send("snoozed", { guide: guide.id, version: guide.version }, { until: new Date(at).toISOString() });
      hooks.tell("guide:snoozed", { guide: guide.id, until: at });
      stage.ask();
      return true;
    },
    list(filter?: unknown) {
      const kind = option(filter, "kind");
      const state = option(filter, "state");
      return [...stage.guides.values()].filter((guide) => (!kind || guide.kind === kind) && (!state || stage.state(guide) === state)).map(listed);
    },
    explain: (id: unknown) => stage.explain(text(id)),
  };
}

function rest(runtime: Runtime): Record<string, Call> {
  const { hooks } = runtime;
  const set = (name: keyof Options) => async (value: unknown) => {
    runtime.options[name] = copied(value);
    runtime.dress();
    return true;
  };
  return {
    init: async (key: unknown, options?: unknown) => (typeof key === "string" && key ? (runtime.init(key, facts(options)), true) : false),
    async ready(fn?: unknown) {
      await runtime.ready;
      if (typeof fn === "function") guard(fn as () => void)();
      return true;
    },
    on: (name: unknown, fn: unknown) => hooks.on(text(name), fn as () => void),
    off: (name: unknown, fn?: unknown) => hooks.off(text(name), fn as () => void),
    once: (name: unknown, fn: unknown) => hooks.once(text(name), fn as () => void),
    setLocale: set("locale"),
    setColorScheme: set("colorScheme"),
    setBaseZIndex: set("baseZIndex"),
    optOut: async () => (runtime.consent(false), true),
    optIn: async () => (runtime.consent(true), true),
    debug: (on: unknown) => speakUp(on !== false),
  };
}

/** Put window.handrail in place and make up for the calls made before. */
export function install(runtime: Runtime, queue: Queued[]): void {
  const calls: Record<string, unknown> = Object.assign(Object.create(null), { version: HANDRAIL_VERSION });
  const all = { ...rest(runtime), ...people(runtime), ...events(runtime), ...guides(runtime) };
  for (const [name, call] of Object.entries(all)) calls[name] = (...args: unknown[]) => safely(call as (...args: unknown[]) => unknown, args);
  const missing = (name: string) => () => (note("no such call", name), Promise.resolve());
  const api = new Proxy(calls, { get: (held, name) => (typeof name === "symbol" || name === "then" ? undefined : held[name] ?? missing(name)) });
  (window as { handrail?: unknown }).handrail = api;
  const replay = ([name, args, resolve]: Queued): void => {
    const result = guard(() => (api[name] as (...args: unknown[]) => unknown)(...args))();
    resolve?.(result);
  };
  const early = queue.splice(0);
  // whoever kept the stub keeps calling us
  queue.push = (...more: Queued[]) => (more.forEach(replay), 0);
  early.forEach(replay);
}

function safely(call: (...args: unknown[]) => unknown, args: unknown[]): unknown {
  const result = guard(call)(...args);
  return result instanceof Promise ? result.catch((problem) => (warn(problem), false)) : result;
}
