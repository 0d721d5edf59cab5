/** The calls for bundlers: `import { handrail } from "@handrail/embed"`. Nothing is loaded, and no window is needed, before init(). */

export type Attributes = Record<string, unknown>;

export interface Options {
  /** Where your Handrail runs, such as `https://help.example.com`. */
  server: string;
  /** With "required" nothing is stored or sent before optIn(); with "signal" that holds for browsers that send Do Not Track or Global Privacy Control. */
  consent?: "required" | "signal";
  locale?: string;
  colorScheme?: "light" | "dark" | "auto";
  baseZIndex?: number;
  /** Handed to the script element, for pages with a strict policy. */
  nonce?: string;
}

export interface Proof {
  token?: string;
  userHash?: string;
}

export interface Listed {
  id: string;
  kind: string;
  version: number;
  state: string;
  item: string | null;
}

export interface Gate {
  gate: string;
  holds: boolean;
  left?: unknown;
}

/** What the page may hear: `guide:shown`, `step:shown`, `target:missing` and so on; "*" is all of them. */
export type Heard = (detail: Record<string, unknown>, name: string) => void;

/** Every call is safe at any time, answers with a promise, and never throws. */
export interface Handrail {
  init(key: string, options: Options): Promise<void>;
  ready(then?: () => void): Promise<void>;
  identify(id: string | number, attributes?: Attributes, proof?: Proof): Promise<boolean>;
  identifyAnonymous(attributes?: Attributes): Promise<boolean>;
  updateUser(attributes: Attributes): Promise<boolean>;
  group(id: string | number, attributes?: Attributes, more?: { membership?: Attributes; token?: string }): Promise<boolean>;
  updateGroup(attributes: Attributes): Promise<boolean>;
  isIdentified(): Promise<boolean>;
  reset(): Promise<void>;
  track(name: string, props?: Attributes, options?: { userOnly?: boolean }): Promise<boolean>;
  page(url?: string): Promise<void>;
  start(id: string, options?: { once?: boolean; continue?: boolean; step?: string }): Promise<boolean>;
  isStarted(id: string): Promise<boolean>;
  end(id?: string): Promise<boolean>;
  endAll(): Promise<boolean>;
  next(): Promise<boolean>;
  back(): Promise<boolean>;
  goTo(step: string): Promise<boolean>;
  snooze(id: string, until: Date | string | number): Promise<boolean>;
  list(filter?: { kind?: string; state?: string }): Promise<Listed[]>;
  explain(id: string): Promise<Gate[]>;
  debug(on?: boolean): Promise<void>;
  on(name: string, heard: Heard): Promise<void>;
  off(name: string, heard?: Heard): Promise<void>;
  once(name: string, heard: Heard): Promise<void>;
  setLocale(tag: string): Promise<void>;
  setColorScheme(mode: "light" | "dark" | "auto"): Promise<void>;
  setBaseZIndex(level: number): Promise<void>;
  /** Goes to an address of your own site in place of loading the page anew: your router. It is given path, query and hash. */
  setNavigate(go: ((path: string) => unknown) | null): Promise<void>;
  setScrollIntoView(scroll: ((element: Element) => unknown) | null): Promise<void>;
  /** What the address of a page should read as, in conditions and in what is sent. */
  setUrlFilter(filter: ((url: string) => string) | null): Promise<void>;
  setTargetMissingSeconds(seconds: number): Promise<void>;
  optIn(): Promise<boolean>;
  optOut(): Promise<boolean>;
}

type Queued = [name: string, args: unknown[], resolve: (value: unknown) => void, reject?: (problem: unknown) => void];
type Global = { handrail?: Record<string, (...args: unknown[]) => unknown> & { q?: Queued[] } };

/** What is called before the script came is kept for it, in the order of the calls. */
function call(name: string, args: unknown[]): Promise<unknown> {
  if (typeof window === "undefined") return new Promise(() => undefined);
  const host = window as unknown as Global;
  const there = (host.handrail ??= { q: [] } as unknown as NonNullable<Global["handrail"]>);
  const queue = Object.hasOwn(there, "q") ? there.q : undefined;
  if (!queue) return Promise.resolve(there[name]?.(...args));
  return new Promise((resolve) => queue.push([name, args, resolve]));
}

/** Ask for the script, once in a page. */
function load(key: string, { server, consent, nonce, ...rest }: Options): Promise<unknown> {
  if (typeof window === "undefined") return Promise.resolve();
  const src = new URL("/embed.js", server).href;
  if (!document.querySelector(`script[src="${CSS.escape(src)}"]`)) {
    const script = document.createElement("script");
    script.async = true;
    if (nonce) script.nonce = nonce;
    script.dataset["environment"] = key;
    if (consent) script.dataset["consent"] = consent;
    script.src = src;
    document.head.append(script);
  }
  return call("init", [key, { ...rest, ...(consent && { consent }) }]);
}

export const handrail: Handrail = new Proxy(Object.freeze({}) as Handrail, {
  get: (_, name) => {
    if (typeof name === "symbol" || name === "then") return undefined;
    return (...args: unknown[]) => (name === "init" ? load(args[0] as string, args[1] as Options) : call(name, args)) as Promise<unknown>;
  },
});

export default handrail;
