/** One showing: loads what it needs, hands it to the renderer, and passes on what happens. */

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

/** The hook for an event of whatever kind: step_done becomes step:completed. */
export const hostEventName = (name: string): string => (name.includes("_") ? name.replace("_", ":").replace(/:done$/, ":completed") : "guide:" + name);

/** A mark of an address that says whether it is the same, and nothing else. */
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

/** Draw one guide; `ask` looks for what else may show once this one made room. */
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
  const emit = (name: string, at?: string, props: Props = {}): void => {
    if (!isCurrent()) return;
    if (isFresh || name !== "shown") send(name, { guide: id, version, item: at }, props);
    applyEvent(id, name, at, hashUrl(page.url));
    entry.item = getProgress(id).item;
    emitHostEvent(hostEventName(name), { guide: id, kind, item: at, ...props });
  };
  const forRenderer = createShowing(entry, isCurrent, emit, ask, { body, item, mayFocus });
  await extensions.prepare?.(forRenderer, kit);
  const undo = guard(renderer.default(forRenderer, kit));
  // it may have ended while it was drawn
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
    // it is there already where a body leads anywhere
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
