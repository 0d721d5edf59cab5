/** Boots, keeps the person, and shows what the rules allow; loaded by the loader, which hands over what it gathered. */

import { install, type Queued } from "./api";
import { option } from "./copy";
import { guard, listen, note } from "./guard";
import { Hooks } from "./hooks";
import type { FullKit, KitHost, Look } from "./kit/host";
import type { Renderer } from "./kit/types";
import { Memory, Store } from "./memory";
import { Page } from "./page";
import { settle } from "./rules";
import { type Backstage, Stage } from "./stage";
import { changes, find, visible } from "./target";
import { type Answer, Transport } from "./transport";
import type { Boot, Delivery, Facts, Json } from "./types";
import { Who } from "./who";

/** A boot the loader asked for while this file was on its way. */
export interface Early {
  /** The person and company it was asked for, as JSON. */
  who: string;
  anonymous: string;
  locale: string | null;
  at: number;
  answer: Promise<Answer>;
}

export interface Handover {
  origin: string;
  environment: string | null;
  consent: string | null;
  queue: Queued[];
  early: Early | null;
}


export interface Options {
  consent?: Json;
  locale?: Json;
  colorScheme?: Json;
  baseZIndex?: Json;
}

const HERE = new URL(".", import.meta.url).href;

export class Runtime {
  readonly hooks = new Hooks();
  readonly page = new Page();
  readonly stage: Stage;
  readonly store = new Store();
  readonly who = new Who(this.store);
  readonly memory = new Memory(this.store);
  options: Options = {};
  boot: Boot | null = null;
  readonly ready: Promise<void>;
  private environment: string | null = null;
  private transport: Transport | null = null;
  private early: Early | null;
  private turn = 0;
  private asking: Promise<boolean> | null = null;
  private latest: Promise<boolean> = Promise.resolve(false);
  private kits: Promise<FullKit> | null = null;
  private readonly undo: (() => void)[] = [];
  private settleReady: () => void = () => undefined;

  constructor(private readonly handover: Handover) {
    this.early = handover.early;
    this.ready = new Promise((settled) => (this.settleReady = settled));
    this.stage = new Stage(this.backstage());
  }

  /** Begin for one environment; a second time only the options count. */
  init(environment: string, options: Options): void {
    Object.assign(this.options, options);
    if (this.environment) return this.dress();
    this.environment = environment;
    this.store.prefix = "handrail:" + environment;
    this.transport = new Transport(this.handover.origin, environment, this.store);
    const last = this.who.start(this.early?.anonymous);
    this.transport.open = () => this.allowed && !this.boot?.off;
    this.transport.token = (id) => (this.who.person?.id === id ? this.who.person.token : null);
    this.transport.told = ({ off }) => off && this.switchOff();
    this.store.allowed = this.allowed;
    this.listen();
    // a known person will be named again in a moment: nobody is asked for in between
    if (last && !this.who.person) setTimeout(() => void this.refresh(), 2000);
    else void this.refresh();
  }

  get allowed(): boolean {
    const said = this.who.consent;
    return said === "yes" || (said !== "no" && this.options.consent !== "required" && this.handover.consent !== "required");
  }

  /** Ask the server again, once for all that changes in this moment. */
  refresh(): Promise<boolean> {
    this.asking ??= Promise.resolve().then(() => {
      this.asking = null;
      return this.ask();
    });
    return this.asking;
  }

  /** Another person, or nobody: what the one before left is sent under their name, and nothing of it stays on screen. */
  turnTo(change: () => void, same: boolean): void {
    this.transport?.flush();
    if (!same) this.stage.clear();
    change();
    this.memory.turnTo(this.who.key, same);
  }

  reset(): void {
    this.turnTo(() => this.who.forget(), false);
    this.store.clear();
    this.who.anonymous = "";
    this.who.start();
  }

  consent(yes: boolean): void {
    this.store.allowed = true;
    if (yes) {
      this.who.remember("yes");
      this.who.fresh = true;
      void this.refresh();
      return;
    }
    this.stage.clear();
    this.transport?.outbox.clear();
    this.store.clear();
    this.store.write("", { consent: "no" });
    this.store.allowed = false;
  }

  send(name: string, more: { guide?: string; version?: number; item?: string } = {}, props: Facts = {}): void {
    this.transport?.send(this.who.owner, name, more, props);
  }

  /** Find a guide that this boot did not bring: start() asks past the audience. */
  async fetch(id: string): Promise<Delivery | undefined> {
    if (!this.allowed) return undefined;
    await this.ready;
    if (!this.stage.guides.has(id)) await this.ask(id);
    return this.stage.guides.get(id);
  }

  dress(): void {
    void this.kits?.then((kit) => kit.dress(this.look()));
  }

  private ask(start?: string): Promise<boolean> {
    return (this.latest = this.askNow(start));
  }

  private async askNow(start?: string): Promise<boolean> {
    const { transport, who } = this;
    if (!transport || !this.allowed || (!who.fresh && this.boot && !start)) return !!this.boot;
    const turn = ++this.turn;
    who.remember();
    this.memory.turnTo(who.key);
    const asked = who.asked();
    const sent = [{ ...asked.person?.attributes }, { ...asked.company?.attributes }] as const;
    const early = this.takeEarly(JSON.stringify([asked.person, asked.company]));
    const unheard = new Set(transport.outbox.list().map(({ event }) => event.guide ?? ""));
    const since = early?.at ?? Date.now();
    const body = JSON.stringify({ schema: 1, environment: this.environment, ...asked, anonymous: who.anonymous, locale: this.locale, page: pageNow(), ...(start && { start }) });
    const boot = await transport.boot(body, early?.answer ?? null, () => turn === this.turn);
    if (turn !== this.turn) return this.latest;
    if (boot) who.heard(...sent);
    this.accept(boot, unheard, since);
    return !!boot;
  }

  private takeEarly(asked: string): Early | null {
    const { early } = this;
    this.early = null;
    return early && early.who === asked && early.anonymous === this.who.anonymous && early.locale === this.locale ? early : null;
  }

  private accept(boot: Boot | null, unheard: ReadonlySet<string>, since: number): void {
    this.settleReady();
    if (!boot) return this.hooks.tell("error", { message: "boot" });
    note("boot", boot);
    const first = !this.boot;
    this.boot = boot;
    if (boot.off) return this.switchOff();
    this.dress();
    if (first) this.hooks.tell("ready");
    if (boot.identity) this.hooks.tell("error", { code: boot.identity.code, message: "identity" });
    this.stage.accept(boot, unheard, since);
  }

  /** The kill switch: nothing on screen, nothing sent, until the next page load. */
  private switchOff(): void {
    if (this.boot) this.boot.off = true;
    this.stage.clear();
    this.undo.splice(0).forEach((undo) => undo());
    this.page.stop();
    void this.kits?.then((kit) => kit.close());
  }

  private listen(): void {
    this.page.start();
    this.page.onChange(() => this.stage.ask());
    this.undo.push(
      listen(window, "pagehide", () => this.transport?.leave()),
      listen(window, "online", () => this.transport?.wake()),
      listen(document, "visibilitychange", () => (document.hidden ? this.transport?.flush() : this.stage.ask())),
      listen(window, "storage", (event) => (event as StorageEvent).key?.endsWith(":guides") && this.memory.refresh().forEach((id) => this.stage.end(id, null))),
    );
    this.transport?.flush();
  }

  private get locale(): string | null {
    const said = this.options.locale || document.documentElement.lang;
    return typeof said === "string" && said ? said.slice(0, 35) : null;
  }

  private look(): Look {
    const { locale, colorScheme, baseZIndex } = this.options;
    return {
      locale: (typeof locale === "string" && locale) || this.boot?.locale || this.locale,
      strings: this.boot?.strings ?? {},
      theme: this.boot?.theme,
      scheme: typeof colorScheme === "string" ? colorScheme : null,
      zIndex: typeof baseZIndex === "number" ? baseZIndex : null,
    };
  }

  private backstage(): Backstage {
    return {
      hooks: this.hooks,
      page: this.page,
      memory: this.memory,
      send: (name, { id, version }, item, props) => this.send(name, { guide: id, version, item }, props),
      body: (guide) => this.body(guide),
      kit: () => this.kit(),
      renderer: (kind) => this.renderer(kind),
    };
  }

  private async body(guide: Delivery): Promise<unknown> {
    if (!guide.body && guide.body_hash) guide.body = await this.transport?.body(guide.body_hash);
    return guide.body;
  }

  private renderer(kind: string): Promise<{ default: Renderer<unknown>; css?: string }> {
    const path = option(this.boot?.kinds, kind);
    if (typeof path !== "string") throw new Error("no renderer for " + kind);
    return import(new URL(path, this.handover.origin).href);
  }

  private kit(): Promise<FullKit> {
    this.kits ??= import(HERE + "kit.js").then(({ createKit }) => createKit(this.host(), this.look()));
    return this.kits;
  }

  private host(): KitHost {
    return {
      find,
      visible,
      changes,
      known: () => ({ ...this.boot?.person?.attributes, ...this.who.known }),
      matches: (pattern) => settle({ page: pattern } as never, { page: this.page.url } as never) === true,
      onPage: (changed) => this.page.onChange(changed),
    };
  }
}

const pageNow = (): Facts => ({ url: location.href, title: document.title.slice(0, 300), referrer: document.referrer });

/** Called by the loader, once. */
export default function start(handover: Handover): void {
  guard(() => {
    const runtime = new Runtime(handover);
    install(runtime, handover.queue);
    if (handover.environment) runtime.init(handover.environment, {});
    document.dispatchEvent(new CustomEvent("handrail:ready"));
  })();
}
