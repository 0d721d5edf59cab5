/** Boots, keeps the person, and shows what the rules allow; loaded by the loader, which hands over what it gathered. */

import { type ChunkName, chunks } from "./chunks";
import { guard, json, lifetime, listen, warn } from "./guard";
import { emitHostEvent } from "./host-events";
import type { Handover, KitChunk, Appearance, BootResult, Stage } from "../types/contracts";
import { onPage, page, startPage } from "./navigation";
import { options } from "./options";
import { evaluate } from "../rules/evaluate";
import { clear, read, store, write } from "./storage";
import { requestBoot, clearOutbox, flush, flushOnUnload, guidesWithUnsentEvents, connection } from "./transport";
import type { Boot, Delivery, Facts } from "../types/protocol";
import { takeBootIdentity, consent, clearIdentity, loadIdentity, saveIdentity, identity, identityKey } from "./identity";

/** The last good answer, and for whom. */
interface CachedBoot {
  who: string;
  at: number;
  boot: Boot;
}

let handover: Handover;
let resolveReady!: () => void;
let bootNumber = 0;
let pendingRefresh: Promise<boolean> | undefined;
let latestBoot: Promise<boolean> = Promise.resolve(false);
let received: BootResult | undefined;
let kitLoading: Promise<Stage> | undefined;

export let stage: Stage | undefined;
export let boot: Boot | undefined;
export const ready = new Promise<void>((settled) => (resolveReady = settled));

export function hasConsent(): boolean {
  const answer = consent();
  const mode = options["consent"];
  const { doNotTrack, globalPrivacyControl } = navigator as Navigator & { globalPrivacyControl?: boolean };
  return answer === "yes" || (answer !== "no" && mode !== "required" && !(mode === "signal" && (+doNotTrack! || globalPrivacyControl)));
}

/** Begin for one environment; a second time only the options count. */
export function init(environment: string, hostOptions: Facts): void {
  Object.assign(options, hostOptions);
  if (connection.environment) return applyAppearance();
  connection.environment = environment;
  store.prefix = "handrail:" + environment;
  const last = loadIdentity(handover.early?.anonymous);
  store.allowed = hasConsent();
  startPage();
  onPage(maybeLoadKit);
  listen("pagehide", flushOnUnload);
  listen("online pageshow", () => void flush(true));
  listen("visibilitychange", () => {
    if (document.hidden) void flush();
    maybeLoadKit();
  });
  listen("storage", ({ key }: StorageEvent) => key === store.prefix + ":guides" && stage?.syncTabs());
  void Promise.resolve().then(flush);
  // a known person will be named again in a moment: nobody is asked for in between
  if (last && !identity.person) setTimeout(() => !identity.person && void refresh(), 2000);
  else void refresh();
}

/** Ask the server again, once for all that changes in this moment. */
export function refresh(): Promise<boolean> {
  return (pendingRefresh ??= Promise.resolve().then(() => {
    pendingRefresh = undefined;
    return fetchBoot();
  }));
}

/** Another name for who is here: what was before is sent under the old one. */
export function switchIdentity(change: () => void, isSamePerson: boolean): void {
  void flush();
  change();
  if (!isSamePerson) boot = received = undefined;
  stage?.switchIdentity(identityKey(), isSamePerson);
  applyAppearance();
}

export function reset(): void {
  bootNumber++;
  // who still waits for an answer about the one before is told that none came
  latestBoot = Promise.resolve(false);
  switchIdentity(clearIdentity, false);
  clear();
  loadIdentity();
}

/** The person agreed, or did not: then every trace goes, but for the word itself. */
export function setConsent(isGiven: boolean): Promise<boolean> {
  store.allowed = true;
  if (!isGiven) {
    stage?.switchIdentity("");
    clearOutbox();
    clear();
  }
  write("", { consent: isGiven ? "yes" : "no" });
  store.allowed = isGiven;
  return isGiven ? refresh() : Promise.resolve(true);
}

/** A call about guides: they come with the kit, once it is known who is here. */
export async function callGuideApi(name: string, args: unknown[]): Promise<unknown> {
  if (!hasConsent()) return false;
  await ready;
  if (connection.closed) return false;
  await loadKit();
  const { calls } = await chunks.load("guide-calls");
  return calls[name]?.(...(args as never[]));
}

export function applyAppearance(): void {
  void kitLoading?.then((loaded) => loaded.applyAppearance(appearance()));
}

/** Whether a guide may show here, as far as its address tells; the kit and the renderer are worth loading then. */
function mayShow({ id, start, rule, trigger, progress }: Delivery): boolean {
  const begun = progress?.status === "started" || guidesWithUnsentEvents().has(id);
  return !!(begun || trigger) || (start !== "manual" && evaluate(rule, { page: page.url, now: Date.now() }) !== false);
}

function maybeLoadKit(): void {
  if (stage) return stage.reschedule();
  const candidates = document.hidden ? [] : (boot?.guides ?? []).filter(mayShow);
  // all that the first showing needs comes side by side
  for (const part of candidates.flatMap(({ kind, preload = [] }) => [import(rendererUrl(kind)), ...(preload as ChunkName[]).map(chunks.load)])) part.catch(() => undefined);
  if (candidates[0]) loadKit().catch(warn);
}

function loadKit(): Promise<Stage> {
  const begin = ({ createStage }: KitChunk): Stage => {
    stage = createStage(appearance());
    if (received && !connection.closed) stage.receive(...received);
    return stage;
  };
  return (kitLoading ??= chunks.load("kit").then(begin));
}

export const rendererUrl = (kind: string): string => new URL(boot!.kinds[kind]!, connection.origin).href;
/** Attributes of the person, for names in texts. */
export const personAttributes = (): Facts => ({ ...boot?.person?.attributes, ...identity.known });

/** Ask now; with a guide that start() wants past its audience. */
export function fetchBoot(start?: string): Promise<boolean> {
  return connection.environment && hasConsent() ? (latestBoot = bootOnce(++bootNumber, start)) : Promise.resolve(false);
}

async function bootOnce(number: number, start?: string): Promise<boolean> {
  saveIdentity();
  const [people, putBack] = takeBootIdentity();
  const { anonymous } = identity;
  const locale = currentLocale();
  const early = handover.early;
  handover.early = null;
  const prefetched = early && early.who === json([people.person, people.company]) && early.anonymous === anonymous && early.locale === locale ? early : null;
  const unsent = guidesWithUnsentEvents();
  const askedAt = prefetched?.at ?? Date.now();
  const { title, referrer } = document;
  const body = json({ schema: 1, environment: connection.environment, ...people, anonymous, locale, page: { url: page.url, title, referrer }, start });
  /** While the server is down or slow, what it said last does, for a week. */
  const useCachedBoot = guard(() => {
    const cached = read(":boot") as CachedBoot | null;
    if (number !== bootNumber || boot || cached?.who !== identityKey() || !(cached.at > Date.now() - 7 * 864e5)) return;
    acceptBoot([cached.boot, unsent, cached.at]);
    resolveReady();
  });
  const slow = setTimeout(useCachedBoot, 3000);
  const answer = await requestBoot(body, prefetched?.answer, () => number === bootNumber, useCachedBoot);
  clearTimeout(slow);
  if (!answer) putBack();
  if (number !== bootNumber) return latestBoot;
  if (answer) {
    write(":boot", answer.off ? null : ({ who: identityKey(), at: askedAt, boot: answer } satisfies CachedBoot));
    acceptBoot([answer, unsent, askedAt]);
  } else emitHostEvent("error", { message: "boot" });
  resolveReady();
  return !!answer;
}

function acceptBoot(result: BootResult): void {
  const first = !boot;
  boot = result[0];
  // what a newer server knows and we do not
  boot.guides = boot.guides.filter((each) => each?.id && boot!.kinds?.[each.kind]);
  received = result;
  if (boot.off) return switchOff();
  applyAppearance();
  if (first) emitHostEvent("ready");
  if (boot.identity) emitHostEvent("error", { message: "identity", code: boot.identity.code });
  if (stage) stage.receive(...result);
  else maybeLoadKit();
}

/** The kill switch: nothing on screen, nothing sent, until the next page load. */
function switchOff(): void {
  connection.closed = true;
  lifetime.abort();
}

function currentLocale(): string | null {
  const locale = options["locale"] || document.documentElement.lang;
  return typeof locale === "string" && locale ? locale : null;
}

const appearance = (): Appearance => ({ theme: boot?.theme, strings: boot?.strings, options, locale: `${options["locale"] || boot?.locale || currentLocale() || "en"}` });

/** Take over from the loader. */
export function start(fromLoader: Handover): void {
  handover = fromLoader;
  connection.origin = fromLoader.origin;
  connection.open = () => hasConsent() && !connection.closed;
  connection.off = switchOff;
  if (fromLoader.consent) options["consent"] = fromLoader.consent;
  if (fromLoader.environment) init(fromLoader.environment, {});
}
