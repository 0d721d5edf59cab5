/** The session on one page: asks the server which guides are due, and loads the kit when one may show. */

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

/** The last good answer, stored for when the server is down. */
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

/** Starts for one environment; a second call only sets options. */
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
  // a returning person is usually identified again within moments: no anonymous boot before that
  if (last && !identity.person) setTimeout(() => !identity.person && void refresh(), 2000);
  else void refresh();
}

/** Boots again, once for all changes of this moment. */
export function refresh(): Promise<boolean> {
  return (pendingRefresh ??= Promise.resolve().then(() => {
    pendingRefresh = undefined;
    return fetchBoot();
  }));
}

/** Changes the identity; events before that are sent under the old one. */
export function switchIdentity(change: () => void, isSamePerson: boolean): void {
  void flush();
  change();
  if (!isSamePerson) boot = received = undefined;
  stage?.switchIdentity(identityKey(), isSamePerson);
  applyAppearance();
}

export function reset(): void {
  bootNumber++;
  // calls that wait for an answer about the person before resolve to false
  latestBoot = Promise.resolve(false);
  switchIdentity(clearIdentity, false);
  clear();
  loadIdentity();
}

/** Stores the consent; without it everything else stored is removed. */
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

/** Runs a call of the guide-calls chunk, after the first boot and with the kit loaded. */
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

/** Whether a guide may show or reach a goal at this address, so that the kit and its renderer are worth loading. */
function mayShow({ id, start, rule, trigger, goals, progress }: Delivery): boolean {
  const begun = progress?.status === "started" || guidesWithUnsentEvents().has(id);
  return !!(begun || trigger || goals) || (start !== "manual" && evaluate(rule, { page: page.url, now: Date.now() }) !== false);
}

function maybeLoadKit(): void {
  if (stage) return stage.reschedule();
  const candidates = document.hidden ? [] : (boot?.guides ?? []).filter(mayShow);
  // everything the first showing needs is fetched in parallel
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
/** The person's attributes, for names in texts. */
export const personAttributes = (): Facts => ({ ...boot?.person?.attributes, ...identity.known });

/** Boots now; `start` names a guide to deliver even to people outside its audience. */
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
  /** Uses the stored answer while the server is down or slow, for up to a week. */
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
  // a newer server may send kinds that this version does not have
  boot.guides = boot.guides.filter((each) => each?.id && boot!.kinds?.[each.kind]);
  received = result;
  if (boot.off) return switchOff();
  applyAppearance();
  if (first) emitHostEvent("ready");
  if (boot.identity) emitHostEvent("error", { message: "identity", code: boot.identity.code });
  if (stage) stage.receive(...result);
  else maybeLoadKit();
}

/** The kill switch: shows and sends nothing until the next page load. */
function switchOff(): void {
  connection.closed = true;
  lifetime.abort();
}

function currentLocale(): string | null {
  const locale = options["locale"] || document.documentElement.lang;
  return typeof locale === "string" && locale ? locale : null;
}

const appearance = (): Appearance => ({ theme: boot?.theme, strings: boot?.strings, options, locale: `${options["locale"] || boot?.locale || currentLocale() || "en"}` });

/** Takes over from the loader. */
export function start(fromLoader: Handover): void {
  handover = fromLoader;
  connection.origin = fromLoader.origin;
  connection.open = () => hasConsent() && !connection.closed;
  connection.off = switchOff;
  if (fromLoader.consent) options["consent"] = fromLoader.consent;
  if (fromLoader.environment) init(fromLoader.environment, {});
}
