/** The admin's preview: the real kit and the real renderers, shown from a given body; nothing reaches the server. */

import renderers from "renderers";
import * as offscreen from "../position/offscreen";
import * as behaviors from "../behaviors";
import * as deepFind from "../target/deep-find";
import * as contrast from "../ui/contrast";
import * as hostDialogs from "../ui/host-dialogs";
import * as richtext from "../richtext/render";
import * as layouts from "../ui/layouts";
import { guard } from "../core/guard";
import { learned } from "../ui/extensions";
import { learnFor } from "../kit/features";
import { createKit } from "../kit/kit";
import type { Chunks, FullKit } from "../types/contracts";
import type { Command, Showing } from "../types/kit";
import { look } from "../core/navigation";
import { files } from "../core/chunks";
import ar from "../strings/ar.json";
import fil from "../strings/fil.json";
import ro from "../strings/ro.json";
import type { Facts } from "../types/protocol";
import { who } from "../core/identity";

interface Wanted {
  kind: string;
  body: unknown;
  /** The item to begin with. */
  item?: string;
  person?: Facts;
  theme?: Record<string, string>;
  scheme?: string;
  locale?: string;
  /** A renderer of somebody else's kind. */
  rendererUrl?: string;
}

/** All chunks are bundled here, because this page has no build beside it. */
const chunks: Partial<Chunks> = {
  "deep-find": deepFind,
  "host-dialogs": hostDialogs,
  "strings-ar": { default: ar },
  "strings-fil": { default: fil },
  "strings-ro": { default: ro },
  behaviors,
  contrast,
  layouts,
  offscreen,
  richtext: { ...richtext, act: () => undefined },
};
files.load = (name) => Promise.resolve(chunks[name]!);

let kit: FullKit | undefined;
let undo: (() => void) | undefined;
let tell: ((command: Command) => void) | undefined;
let turn = 0;

/** Say it to this page and to the page around it, both of our own origin. */
function say(name: string, item?: string, props: object = {}): void {
  const detail = { handrail: "preview", name, item: item ?? null, props };
  window.dispatchEvent(new CustomEvent("handrail:preview", { detail }));
  if (window.parent !== window) window.parent.postMessage(detail, location.origin);
}

async function show(wanted: Wanted): Promise<boolean> {
  const mine = ++turn;
  hide();
  look();
  who.known = wanted.person ?? {};
  const appearance = { locale: wanted.locale ?? "en", theme: { tokens: wanted.theme ?? {}, scheme: wanted.scheme ?? "light" } };
  if (kit) kit.dress(appearance);
  else kit = createKit(appearance);
  const own = Object.hasOwn(renderers, wanted.kind) ? renderers[wanted.kind] : undefined;
  const renderer = own ?? (wanted.rendererUrl ? await import(new URL(wanted.rendererUrl, location.href).href) : undefined);
  await learnFor(["richtext", "behaviors", "layouts"], kit.root);
  if (!renderer || mine !== turn) return false;
  if (renderer.css) kit.adopt(renderer.css);
  const given = showing(wanted, kit.root);
  await learned.begin?.(given, kit);
  // an author wants to see every step
  delete given.skips;
  if (mine !== turn) return false;
  undo = renderer.default(given, kit);
  return true;
}

function showing({ body, item }: Wanted, root: ShadowRoot): Showing<unknown> {
  const over = (name: string, reason?: string): void => {
    say(name, undefined, reason ? { reason } : {});
    hide();
  };
  return {
    id: "preview",
    body,
    item: item ?? null,
    done: new Set(),
    moved: false,
    passed: false,
    asked: false,
    root,
    emit: say,
    act: (action) => say("act", undefined, action),
    dismiss: (reason) => over("dismissed", reason),
    complete: () => over("completed"),
    rest: (resting) => resting && say("resting"),
    on: (command) => (tell = command),
  };
}

function hide(): void {
  const before = undo;
  undo = tell = undefined;
  before?.();
}

Object.assign(window, { handrailPreview: { show: guard(show), hide: guard(hide), goTo: guard((item: string) => tell?.({ do: "goTo", item })) } });
