/** Boots, keeps the person, and shows what the rules allow; loaded by the loader, which hands over what it gathered. */

import { type ChunkName, files } from "./chunks";
import { guard, json, life, listen, warn } from "./guard";
import { tell } from "./host-events";
import type { Handover, KitChunk, Look, Received, Stage } from "../types/contracts";
import { onPage, page, startPage } from "./navigation";
import { options } from "./options";
import { settle } from "../rules/evaluate";
import { clear, read, store, write } from "./storage";
import { askBoot, discard, flush, leave, unheard, wire } from "./transport";
import type { Boot, Delivery, Facts } from "../types/protocol";
import { asking, consent, forget, recognise, rememberWho, who, whoKey } from "./identity";

/** The last good answer, and for whom. */
interface Kept {
  who: string;
  at: number;
  boot: Boot;
}

let handover: Handover;
let settleReady!: () => void;
let turn = 0;
let asked: Promise<boolean> | undefined;
let latest: Promise<boolean> = Promise.resolve(false);
let received: Received | undefined;
let loading: Promise<Stage> | undefined;

export let stage: Stage | undefined;
export let boot: Boot | undefined;
export const ready = new Promise<void>((settled) => (settleReady = settled));

export function allowed(): boolean {
  const said = consent();
  const asked = options["consent"];
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return said === "yes" || (said !== "no" && asked !== "required" && !(asked === "signal" && (+doNotTrack! || globalPrivacyControl)));
}

/** Begin for one environment; a second time only the options count. */
export function init(environment: string, given: Facts): void {
  Object.assign(options, given);
  if (wire.environment) return dress();
  wire.environment = environment;
  store.prefix = "handrail:" + environment;
  const last = recognise(handover.early?.anonymous);
  store.allowed = allowed();
  startPage();
  onPage(consider);
  listen("pagehide", leave);
  listen("online pageshow", () => void flush(true));
  listen("visibilitychange", () => {
    if (document.hidden) void flush();
    consider();
  });
  listen("storage", ({ key }: StorageEvent) => key === store.prefix + ":guides" && stage?.sync());
  void Promise.resolve().then(flush);
  // a known person will be named again in a moment: nobody is asked for in between
  if (last && !who.person) setTimeout(() => !who.person && void refresh(), 2000);
  else void refresh();
}

/** Ask the server again, once for all that changes in this moment. */
export function refresh(): Promise<boolean> {
  return (asked ??= Promise.resolve().then(() => {
    asked = undefined;
    return fetchBoot();
  }));
}

/** Another name for who is here: what was before is sent under the old one. */
export function turnTo(change: () => void, same: boolean): void {
  void flush();
  change();
  if (!same) boot = received = undefined;
  stage?.turnTo(whoKey(), same);
  dress();
}

export function reset(): void {
  turn++;
  // who still waits for an answer about the one before is told that none came
  latest = Promise.resolve(false);
  turnTo(forget, false);
  clear();
  recognise();
}

/** The person agreed, or did not: then every trace goes, but for the word itself. */
export function agree(yes: boolean): Promise<boolean> {
  store.allowed = true;
  if (!yes) {
    stage?.turnTo("");
    discard();
    clear();
  }
  write("", { consent: yes ? "yes" : "no" });
  store.allowed = yes;
  return yes ? refresh() : Promise.resolve(true);
}

/** A call about guides: they come with the kit, once it is known who is here. */
export async function late(name: string, args: unknown[]): Promise<unknown> {
  if (!allowed()) return false;
  await ready;
  if (wire.closed) return false;
  await load();
  const { calls } = await files.load("guide-calls");
  return calls[name]?.(...(args as never[]));
}

export function dress(): void {
  void loading?.then((loaded) => loaded.dress(look()));
}

/** Whether a guide may show here, as far as its address tells; the kit and the renderer are worth loading then. */
function mayShow({ id, start, rule, trigger, progress }: Delivery): boolean {
  const begun = progress?.status === "started" || unheard().has(id);
  return !!(begun || trigger) || (start !== "manual" && settle(rule, { page: page.url, now: Date.now() }) !== false);
}

function consider(): void {
  if (stage) return stage.ask();
  const able = document.hidden ? [] : (boot?.guides ?? []).filter(mayShow);
  // all that the first showing needs comes side by side
  for (const part of able.flatMap(({ kind, preload = [] }) => [import(rendererUrl(kind)), ...(preload as ChunkName[]).map(files.load)])) part.catch(() => undefined);
  if (able[0]) load().catch(warn);
}

function load(): Promise<Stage> {
  const begin = ({ createStage }: KitChunk): Stage => {
    stage = createStage(look());
    if (received && !wire.closed) stage.receive(...received);
    return stage;
  };
  return (loading ??= files.load("kit").then(begin));
}

export const rendererUrl = (kind: string): string => new URL(boot!.kinds[kind]!, wire.origin).href;
/** Attributes of the person, for names in texts. */
export const known = (): Facts => ({ ...boot?.person?.attributes, ...who.known });

/** Ask now; with a guide that start() wants past its audience. */
export function fetchBoot(start?: string): Promise<boolean> {
  return wire.environment && allowed() ? (latest = askOnce(++turn, start)) : Promise.resolve(false);
}

async function askOnce(mine: number, start?: string): Promise<boolean> {
  rememberWho();
  const [people, putBack] = asking();
  const { anonymous } = who;
  const locale = localeNow();
  const early = handover.early;
  handover.early = null;
  const usable = early && early.who === json([people.person, people.company]) && early.anonymous === anonymous && early.locale === locale ? early : null;
  const quiet = unheard();
  const since = usable?.at ?? Date.now();
  const { title, referrer } = document;
  const body = json({ schema: 1, environment: wire.environment, ...people, anonymous, locale, page: { url: page.url, title, referrer }, start });
  /** While the server is down or slow, what it said last does, for a week. */
  const makeDo = guard(() => {
    const kept = read(":boot") as Kept | null;
    if (mine !== turn || boot || kept?.who !== whoKey() || !(kept.at > Date.now() - 7 * 864e5)) return;
    accept([kept.boot, quiet, kept.at]);
    settleReady();
  });
  const slow = setTimeout(makeDo, 3000);
  const answer = await askBoot(body, usable?.answer, () => mine === turn, makeDo);
  clearTimeout(slow);
  if (!answer) putBack();
  if (mine !== turn) return latest;
  if (answer) {
    write(":boot", answer.off ? null : ({ who: whoKey(), at: since, boot: answer } satisfies Kept));
    accept([answer, quiet, since]);
  } else tell("error", { message: "boot" });
  settleReady();
  return !!answer;
}

function accept(given: Received): void {
  const first = !boot;
  boot = given[0];
  // what a newer server knows and we do not
  boot.guides = boot.guides.filter((each) => each?.id && boot!.kinds?.[each.kind]);
  received = given;
  if (boot.off) return switchOff();
  dress();
  if (first) tell("ready");
  if (boot.identity) tell("error", { message: "identity", code: boot.identity.code });
  if (stage) stage.receive(...given);
  else consider();
}

/** The kill switch: nothing on screen, nothing sent, until the next page load. */
function switchOff(): void {
  wire.closed = true;
  life.abort();
}

function localeNow(): string | null {
  const said = options["locale"] || document.documentElement.lang;
  return typeof said === "string" && said ? said : null;
}

const look = (): Look => ({ theme: boot?.theme, strings: boot?.strings, options, locale: `${options["locale"] || boot?.locale || localeNow() || "en"}` });

/** Take over from the loader. */
export function start(given: Handover): void {
  handover = given;
  wire.origin = given.origin;
  wire.open = () => allowed() && !wire.closed;
  wire.off = switchOff;
  if (given.consent) options["consent"] = given.consent;
  if (given.environment) init(given.environment, {});
}
