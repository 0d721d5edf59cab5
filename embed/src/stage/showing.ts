/** One showing: loads what it needs, hands it to the renderer, and passes on what happens. */

import { type ChunkName, files, guard, page, rendererUrl, send, tell, warn, wire } from "../core/exports";
import type { Delivery } from "../types/protocol";
import { learnFor } from "../kit/features";
import { kit } from "../kit/kit";
import { learned } from "../ui/extensions";
import { fold, isBegun, recall, remember } from "./progress";
import { spoken } from "../ui/strings";
import { dressed } from "../ui/theme";
import { type Begin, end, shown, type Shown, yieldLane } from "./state";
import type { Props, Renderer, Showing } from "../types/kit";

/** The hook for an event of whatever kind: step_done becomes step:completed. */
export const hookOf = (name: string): string => (name.includes("_") ? name.replace("_", ":").replace(/:done$/, ":completed") : "guide:" + name);

/** A mark of an address that says whether it is the same, and nothing else. */
export const mark = (url: string): string => ([...url].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) | 0, 5381) >>> 0).toString(36);

interface RendererModule {
  default: Renderer<unknown>;
  css?: string;
}

async function bodyOf(guide: Delivery): Promise<unknown> {
  if (guide.body || !guide.body_hash) return guide.body;
  const answer = await fetch(`${wire.origin}/embed/body/${guide.body_hash}`, { credentials: "omit" });
  return (guide.body = await answer.json());
}

/** Draw one guide; `ask` looks for what else may show once this one made room. */
export async function showGuide(entry: Shown, { item, asked, again }: Begin, ask: () => void): Promise<boolean> {
  const { guide } = entry;
  const { id, version, kind } = guide;
  const [renderer, body] = await Promise.all([import(rendererUrl(kind)) as Promise<RendererModule>, bodyOf(guide), spoken, dressed]);
  await learnFor(guide.preload as ChunkName[], kit.root);
  const here = (): boolean => shown.get(id) === entry;
  if (!here()) return false;
  const fresh = again || !isBegun(id);
  if (fresh) remember(id);
  if (renderer.css) kit.adopt(renderer.css);
  const emit = (name: string, at?: string, props: Props = {}): void => {
    if (!here()) return;
    if (fresh || name !== "shown") send(name, { guide: id, version, item: at }, props);
    fold(id, name, at, mark(page.url));
    entry.item = recall(id).item;
    tell(hookOf(name), { guide: id, kind, item: at, ...props });
  };
  const given = showing(entry, here, emit, ask, { body, item, asked });
  await learned.begin?.(given, kit);
  const undo = guard(renderer.default(given, kit));
  // it may have ended while it was drawn
  if (here()) entry.undo = undo;
  else undo();
  return true;
}

type Emit = Showing<unknown>["emit"];

function showing(entry: Shown, here: () => boolean, emit: Emit, ask: () => void, { body, item, asked }: Begin & { body: unknown }): Showing<unknown> {
  const { guide } = entry;
  const { id } = guide;
  const kept = recall(id);
  const over = (name: string, props?: Props): void => {
    if (!here()) return;
    emit(name, undefined, props);
    end(id);
    ask();
  };
  entry.dismiss = (reason) => over("dismissed", { reason });
  return {
    id,
    body,
    item: item || kept.item,
    done: new Set(kept.done),
    passed: !item && !kept.page && kept.done.includes(kept.item!),
    moved: !item && !!kept.page && kept.page !== mark(page.url),
    asked: !!asked,
    root: kit.root,
    emit,
    // it is there already where a body leads anywhere
    act: (action) => files.load("richtext").then((part) => part.act(action), warn),
    dismiss: entry.dismiss,
    complete: () => over("completed"),
    rest(resting) {
      if (!entry.resting === !resting) return;
      if (!resting) yieldLane(guide);
      entry.resting = resting;
      if (resting) queueMicrotask(ask);
    },
    on: (command) => (entry.command = guard(command)),
  };
}
