/** One showing of a guide: loads renderer, body and chunks, runs the renderer, and reports its events. */

import { boot, type ChunkName, chunks, guard, json, page, rendererUrl, send, emitHostEvent, warn } from "../core/exports";
import type { Delivery, Facts } from "../types/protocol";
import { loadFeatures } from "../kit/features";
import { kit } from "../kit/kit";
import { extensions } from "../ui/extensions";
import { fold, isStarted, getProgress, progressListeners, saveProgress } from "./progress";
import { stringsReady } from "../ui/strings";
import { themeReady } from "../ui/theme";
import { type StartOptions, endShowing, showings, type ActiveShowing, freeLane } from "./state";
import type { Renderer, Showing, Strings } from "../types/kit";

/** The host event for an event of any kind: step_done becomes step:completed. */
export const hostEventName = (name: string): string => (name.includes("_") ? name.replace("_", ":").replace(/:done$/, ":completed") : "guide:" + name);

/** A hash of an address: enough to compare, without storing it. */
export const hashUrl = (url: string): string => ([...url].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) | 0, 5381) >>> 0).toString(36);

interface RendererModule {
  default: Renderer<unknown>;
  css?: string;
  strings?: Strings;
}

/** Reports an event of a guide to the host page, and to the server unless it knows it; applies it to the progress. */
export function reportEvent({ id, version, kind, items }: Delivery, name: string, item?: string, props: Facts = {}, isKnown?: boolean): void {
  if (!isKnown) send(name, { guide: id, version, item }, props);
  saveProgress(id, fold(getProgress(id), { name, item, props, page: hashUrl(page.url) }, boot?.effects?.[kind], items));
  emitHostEvent(hostEventName(name), { guide: id, kind, item, ...props });
}

/** Shows one guide; `ask` reschedules once it frees its lane. */
export async function showGuide(entry: ActiveShowing, { item, mayFocus, restart }: StartOptions, ask: () => void): Promise<boolean> {
  const { guide } = entry;
  const { id } = guide;
  const [{ default: render, css, strings }, body] = await Promise.all([
    import(rendererUrl(guide.kind)) as Promise<RendererModule>,
    guide.body ?? chunks.load("body").then((part) => part.fetchBody(guide)),
    stringsReady,
    themeReady,
    loadFeatures(guide.preload as ChunkName[], kit.root),
  ]);
  const isCurrent = (): boolean => showings.get(id) === entry;
  if (!isCurrent()) return false;
  const isFresh = restart || !isStarted(id);
  if (isFresh) saveProgress(id);
  if (css) kit.addStylesheet(css);
  extensions.extendKit?.(kit);
  const emit = guard((name: string, itemKey?: string, props?: Facts): void => {
    if (!isCurrent()) return;
    // what is no JSON throws here: in the outbox it would keep every other event from being stored and sent
    json([name, itemKey, props]);
    reportEvent(guide, name, itemKey, props, !isFresh && name === "shown");
    entry.item = getProgress(id).item;
  });
  const showing = createShowing(entry, isCurrent, emit, ask, { body, item, mayFocus });
  await extensions.applyConditions?.(showing);
  const words = strings && (await chunks.load("words"));
  const undo = guard(await render(showing, words ? words.withStrings(kit, strings, showing.locale) : kit));
  // it may have ended while the renderer ran
  if (isCurrent()) entry.undo = undo;
  else undo();
  return true;
}

type Emit = (name: string, item?: string, props?: Facts) => void;

function createShowing(entry: ActiveShowing, isCurrent: () => boolean, emit: Emit, ask: () => void, { body, item, mayFocus }: StartOptions & { body: unknown }): Showing<unknown> {
  const { guide } = entry;
  const { id, items = [] } = guide;
  const progress = getProgress(id);
  const finish = (entry.finish = (name: string, props?: Facts) => {
    if (!isCurrent()) return;
    emit(name, undefined, props);
    endShowing(id);
    ask();
  });
  return {
    id,
    body,
    items,
    get progress() {
      return getProgress(id);
    },
    item: item || progress.item,
    completedBefore: !item && !progress.page && progress.done.includes(progress.item!),
    pageChanged: !item && !!progress.page && progress.page !== hashUrl(page.url),
    mayFocus: !!mayFocus,
    locale: (kit.root.host as HTMLElement).lang,
    root: kit.root,
    emit,
    // preloaded for bodies with links
    act: (action) => chunks.load("richtext").then((part) => part.runAction(action), warn),
    dismiss: (reason) => finish("dismissed", { reason }),
    complete: () => finish("completed"),
    remember: (state) => emit("state_saved", undefined, state),
    onProgress(changed) {
      const safe = guard(() => isCurrent() && changed());
      progressListeners.add(safe);
      return () => progressListeners.delete(safe);
    },
    setIdle(isIdle) {
      if (!entry.isIdle === !isIdle) return;
      if (!isIdle) freeLane(guide);
      entry.isIdle = isIdle;
      if (isIdle) queueMicrotask(ask);
    },
    onCommand(listener) {
      entry.command = guard(listener);
      return () => delete entry.command;
    },
  };
}
