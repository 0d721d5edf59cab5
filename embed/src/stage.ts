/** From waiting guides to guides on screen: rules, lanes, renderers, and what the person does with them. */

import type { Action } from "bodies";
import type { FullKit } from "./kit/host";
import type { Command, Props, Renderer, Showing } from "./kit/types";
import { Ears, pageFacts } from "./facts";
import { guard, warn } from "./guard";
import type { Hooks } from "./hooks";
import { choose } from "./lanes";
import { isOver, type Kept, type Memory } from "./memory";
import type { Page } from "./page";
import { settle } from "./rules";
import type { Boot, Delivery, Facts, Lane } from "./types";

/** What the stage needs from the rest of the runtime. */
export interface Backstage {
  readonly hooks: Hooks;
  readonly page: Page;
  readonly memory: Memory;
  send(name: string, guide: Delivery, item?: string, props?: Facts): void;
  body(guide: Delivery): Promise<unknown>;
  kit(): Promise<FullKit>;
  renderer(kind: string): Promise<{ default: Renderer<unknown>; css?: string }>;
}

interface Shown {
  guide: Delivery;
  /** Begun now, not taken up again. */
  fresh: boolean;
  resting: boolean;
  undo: () => void;
  tell: (command: Command) => void;
}

export interface Begin {
  item?: string | null;
  asked?: boolean;
  again?: boolean;
}

/** The hook for an event of whatever kind: step_done becomes step:completed. */
export const hookOf = (name: string): string => (name.includes("_") ? name.replace("_", ":").replace(/:done$/, ":completed") : "guide:" + name);

/** A mark of an address that says whether it is the same, and nothing else. */
export function mark(url: string): string {
  let sum = 5381;
  for (let i = 0; i < url.length; i++) sum = (sum * 33 + url.charCodeAt(i)) | 0;
  return (sum >>> 0).toString(36);
}

export class Stage {
  readonly guides = new Map<string, Delivery>();
  private readonly shown = new Map<string, Shown>();
  /** Over on this page, or broken: not shown again by itself before a reload. */
  private readonly ended = new Set<string>();
  private readonly ears: Ears;

  constructor(private readonly back: Backstage) {
    this.ears = new Ears(back.page, () => this.ask());
  }

  /** Take a boot's guides; what this browser did since it was asked counts more than the server's word. */
  accept(boot: Boot, unheard: ReadonlySet<string>, since: number): void {
    const { memory } = this.back;
    this.guides.clear();
    for (const guide of boot.guides) {
      if (typeof guide?.id !== "string") continue;
      this.guides.set(guide.id, guide);
      if (!unheard.has(guide.id) && (memory.get(guide.id)?.at ?? 0) < since) memory.accept(guide.id, guide.progress);
    }
    this.ask();
  }

  /** Show what may show now, and watch for what the others wait for. */
  ask(): void {
    const waiting = [...this.guides.values()].filter((guide) => this.waits(guide));
    if (!document.hidden) {
      const facts = pageFacts(this.back.page);
      const ready = waiting.filter((guide) => this.begun(guide) || settle((guide.rule ?? null) as never, facts as never) === true);
      for (const { guide } of choose(ready.map((each) => this.candidate(each)), this.taken())) void this.show(guide);
    }
    this.ears.listenFor(waiting.filter(({ id }) => !this.shown.has(id)).map(({ rule }) => rule ?? null));
  }

  async show(guide: Delivery, { item, asked = false, again = false }: Begin = {}): Promise<boolean> {
    const { id } = guide;
    if (this.shown.has(id)) this.end(id, null);
    for (const other of this.rivals(guide)) this.end(other, null, true);
    const entry: Shown = { guide, fresh: again || !this.begun(guide), resting: false, undo: () => undefined, tell: () => undefined };
    this.shown.set(id, entry);
    try {
      const [kit, renderer, body] = await Promise.all([this.back.kit(), this.back.renderer(guide.kind), this.back.body(guide)]);
      if (this.shown.get(id) !== entry) return false;
      if (entry.fresh) this.back.memory.begin(id);
      if (renderer.css) kit.adopt(renderer.css);
      const undo = guard(renderer.default)(this.showing(entry, body, kit.root, asked, item), kit);
      if (!undo) throw new Error(guide.kind + " could not be drawn");
      // it may have ended while it was drawn
      if (this.shown.get(id) === entry) entry.undo = undo;
      else guard(undo)();
      return true;
    } catch (problem) {
      if (this.shown.get(id) === entry) this.shown.delete(id);
      this.ended.add(id);
      warn(problem);
      this.back.hooks.tell("error", { guide: id, message: String(problem) });
      return false;
    }
  }

  /** Take it off the screen; with a reason it counts as dismissed, without one nothing is told. */
  end(id: string, reason: string | null, returns = false): boolean {
    const entry = this.shown.get(id);
    if (!entry) return false;
    if (reason) this.emit(entry, "dismissed", undefined, { reason });
    this.shown.delete(id);
    if (!returns) this.ended.add(id);
    guard(entry.undo)();
    return true;
  }

  endAll(reason: string | null): void {
    for (const id of [...this.shown.keys()]) this.end(id, reason);
  }

  /** Another person: nothing of the one before stays. */
  clear(): void {
    this.endAll(null);
    this.guides.clear();
    this.ended.clear();
    this.ears.close();
  }

  isShown(id: string): boolean {
    return this.shown.has(id);
  }

  /** Pass next, back or goTo on to what is in focus. */
  tell(command: Command): boolean {
    const entries = [...this.shown.values()].filter(({ resting }) => !resting);
    const entry = entries.find(({ guide }) => guide.lane === "focus") ?? entries[0];
    if (entry) guard(entry.tell)(command);
    return !!entry;
  }

  state(guide: Delivery): string {
    return this.shown.has(guide.id) ? "shown" : this.kept(guide)?.status || "waiting";
  }

  /** Gate by gate, why it does or does not show. */
  explain(id: string): { gate: string; holds: boolean; left?: unknown }[] {
    const guide = this.guides.get(id);
    if (!guide) return [{ gate: "delivered", holds: false }];
    const left = settle((guide.rule ?? null) as never, pageFacts(this.back.page) as never);
    return [
      { gate: "delivered", holds: true },
      { gate: "starts by itself", holds: guide.start !== "manual" },
      { gate: "frequency", holds: !this.over(guide) },
      { gate: "snoozed", holds: !this.snoozed(guide) },
      { gate: "rule", holds: left === true || this.begun(guide), left: left === true ? undefined : guide.rule },
      { gate: "lane", holds: this.shown.has(id) || !this.taken().has(guide.lane) },
    ];
  }

  private kept(guide: Delivery): Kept | undefined {
    return this.back.memory.get(guide.id);
  }

  private begun(guide: Delivery): boolean {
    return this.kept(guide)?.status === "started";
  }

  private over(guide: Delivery): boolean {
    const kept = this.kept(guide);
    if (this.ended.has(guide.id)) return true;
    if (!kept || !isOver(kept) || guide.frequency === "always") return false;
    return guide.frequency !== "until_finished" || kept.status === "completed";
  }

  private snoozed(guide: Delivery): boolean {
    return (this.kept(guide)?.until ?? 0) > Date.now();
  }

  private waits(guide: Delivery): boolean {
    const auto = guide.start !== "manual" || this.begun(guide);
    return auto && !this.shown.has(guide.id) && !this.over(guide) && !this.snoozed(guide);
  }

  private candidate(guide: Delivery): { id: string; lane: Lane; priority: number; begun: boolean; guide: Delivery } {
    return { id: guide.id, lane: guide.lane, priority: guide.priority, begun: this.begun(guide), guide };
  }

  private taken(): Set<Lane> {
    return new Set([...this.shown.values()].filter(({ resting }) => !resting).map(({ guide }) => guide.lane));
  }

  private rivals({ id, lane }: Delivery): string[] {
    if (lane === "inline") return [];
    return [...this.shown.values()].filter(({ guide, resting }) => guide.id !== id && guide.lane === lane && !resting).map(({ guide }) => guide.id);
  }

  private emit(entry: Shown, name: string, item?: string, props: Props = {}): void {
    const { guide } = entry;
    const { hooks, memory, page } = this.back;
    if (this.shown.get(guide.id) !== entry) return;
    if (name !== "shown" || entry.fresh) this.back.send(name, guide, item, props);
    memory.note(guide.id, name, item, mark(page.url));
    hooks.tell(hookOf(name), { guide: guide.id, kind: guide.kind, item, ...props });
  }

  private showing(entry: Shown, body: unknown, root: ShadowRoot, asked: boolean, item?: string | null): Showing<unknown> {
    const { guide } = entry;
    const { id } = guide;
    const kept = this.kept(guide);
    const over = (name: string, props?: Props): void => {
      if (this.shown.get(id) !== entry) return;
      this.emit(entry, name, undefined, props);
      this.end(id, null);
      this.ask();
    };
    return {
      id,
      body,
      item: item ?? kept?.item ?? null,
      done: new Set(kept?.done),
      moved: !item && !!kept?.page && kept.page !== mark(this.back.page.url),
      asked,
      root,
      emit: (name, at, props) => this.emit(entry, name, at, props),
      act: (action) => this.act(action),
      dismiss: (reason) => over("dismissed", { reason }),
      complete: () => over("completed"),
      rest: (resting) => this.rest(entry, resting),
      on: (tell) => (entry.tell = tell),
    };
  }

  private rest(entry: Shown, resting: boolean): void {
    if (entry.resting === resting || this.shown.get(entry.guide.id) !== entry) return;
    if (!resting) for (const other of this.rivals(entry.guide)) this.end(other, null, true);
    entry.resting = resting;
    if (resting) queueMicrotask(() => this.ask());
  }

  private act(action: Action): void {
    if (action.do === "start") {
      const guide = this.guides.get(action.guide);
      if (guide) void this.show(guide, { asked: true, again: true });
    } else if (action.do === "open") {
      open(action.url, action.new_tab);
    }
  }
}

/** Addresses that lead somewhere for people, and nothing that runs. */
export function safeUrl(url: string, from: string): string | null {
  try {
    const { protocol, href } = new URL(url, from);
    return /^(https?|mailto|tel):$/.test(protocol) ? href : null;
  } catch {
    return null;
  }
}

function open(url: string, newTab: boolean): void {
  const href = safeUrl(url, location.href);
  if (href && newTab) window.open(href, "_blank", "noopener,noreferrer");
  else if (href) location.assign(href);
}
