/** One showing of a guide: loads renderer, body and chunks, runs the renderer, and reports its events. */

import { type ChunkName, chunks, guard, page, rendererUrl, send, emitHostEvent, warn, connection } from "../core/exports";
import type { Delivery } from "../types/protocol";
import { loadFeatures } from "../kit/features";
import { kit } from "../kit/kit";
import { extensions } from "../ui/extensions";
import { applyEvent, isStarted, getProgress, saveProgress } from "./progress";
import { stringsReady } from "../ui/strings";
import { themeReady } from "../ui/theme";
import { type StartOptions, endShowing, showings, type ActiveShowing, freeLane } from "./state";
import type { Props, Renderer, Showing } from "../types/kit";

/** The host event for an event of any kind: step_done becomes step:completed. */
export const hostEventName = (name: string): string => (name.includes("_") ? name.replace("_", ":").replace(/:done$/, ":completed") : "guide:" + name);

/** A hash of an address: enough to compare, without storing it. */
export const hashUrl = (url: string): string => ([...url].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) | 0, 5381) >>> 0).toString(36);

interface RendererModule {
  default: Renderer<unknown>;
  css?: string;
}

async function bodyOf(guide: Delivery): Promise<unknown> {
  if (guide.body || !guide.body_hash) return guide.body;
  const answer = await fetch(`${connection.origin}/embed/body/${guide.body_hash}`, { credentials: "omit" });
  return (guide.body = await answer.json());
}

/** Shows one guide; `ask` reschedules once it frees its lane. */
export async function showGuide(entry: ActiveShowing, { item, mayFocus, restart }: StartOptions, ask: () => void): Promise<boolean> {
  const { guide } = entry;
  const { id, version, kind } = guide;
  const [renderer, body] = await Promise.all([import(rendererUrl(kind)) as Promise<RendererModule>, bodyOf(guide), stringsReady, themeReady]);
  await loadFeatures(guide.preload as ChunkName[], kit.root);
  const isCurrent = (): boolean => showings.get(id) === entry;
  if (!isCurrent()) return false;
  const isFresh = restart || !isStarted(id);
  if (isFresh) saveProgress(id);
  if (renderer.css) kit.addStylesheet(renderer.css);
  const emit = (name: string, itemKey?: string, props: Props = {}): void => {
    if (!isCurrent()) return;
    if (isFresh || name !== "shown") send(name, { guide: id, version, item: itemKey }, props);
    applyEvent(id, name, itemKey, hashUrl(page.url));
    entry.item = getProgress(id).item;
    emitHostEvent(hostEventName(name), { guide: id, kind, item: itemKey, ...props });
  };
  const forRenderer = createShowing(entry, isCurrent, emit, ask, { body, item, mayFocus });
  await extensions.prepare?.(forRenderer, kit);
  const undo = guard(renderer.default(forRenderer, kit));
  // it may have ended while the renderer ran
  if (isCurrent()) entry.undo = undo;
  else undo();
  return true;
}

type Emit = Showing<unknown>["emit"];

function createShowing(entry: ActiveShowing, isCurrent: () => boolean, emit: Emit, ask: () => void, { body, item, mayFocus }: StartOptions & { body: unknown }): Showing<unknown> {
  const { guide } = entry;
  const { id } = guide;
  const progress = getProgress(id);
  const finish = (name: string, props?: Props): void => {
    if (!isCurrent()) return;
    emit(name, undefined, props);
    endShowing(id);
    ask();
  };
  entry.dismiss = (reason) => finish("dismissed", { reason });
  return {
    id,
    body,
    item: item || progress.item,
    done: new Set(progress.done),
    completedBefore: !item && !progress.page && progress.done.includes(progress.item!),
    pageChanged: !item && !!progress.page && progress.page !== hashUrl(page.url),
    mayFocus: !!mayFocus,
    root: kit.root,
    emit,
    // preloaded for bodies with links
    act: (action) => chunks.load("richtext").then((part) => part.runAction(action), warn),
    dismiss: entry.dismiss,
    complete: () => finish("completed"),
    setIdle(isIdle) {
      if (!entry.isIdle === !isIdle) return;
      if (!isIdle) freeLane(guide);
      entry.isIdle = isIdle;
      if (isIdle) queueMicrotask(ask);
    },
    on: (command) => (entry.command = guard(command)),
  };
}
