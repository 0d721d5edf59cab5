/** The admin's preview: the real kit and the real renderers, shown from a given body; nothing reaches the server. */

import renderers from "renderers";
import * as offscreen from "../position/offscreen";
import * as behaviors from "../behaviors";
import * as deepFind from "../target/deep-find";
import * as contrast from "../ui/contrast";
import * as hostDialogs from "../ui/host-dialogs";
import * as richtext from "../richtext/render";
import * as personal from "../richtext/personal";
import * as layouts from "../ui/layouts";
import { guard } from "../core/guard";
import { loadFeatures } from "../kit/features";
import { createKit } from "../kit/kit";
import { withStrings } from "../kit/words";
import * as mount from "../mount";
import { extensions } from "../ui/extensions";
import type { Chunks, FullKit } from "../types/contracts";
import type { Json, Showing } from "../types/kit";
import { checkUrl } from "../core/navigation";
import { chunks } from "../core/chunks";
import ar from "../strings/ar.json";
import fil from "../strings/fil.json";
import ro from "../strings/ro.json";
import type { Facts } from "../types/protocol";
import { identity } from "../core/identity";

interface PreviewRequest {
  kind: string;
  body: unknown;
  /** The items that may be shown; by default those of the first list of parts with keys. */
  items?: { key: string }[];
  /** The item to start with. */
  item?: string;
  person?: Facts;
  theme?: Record<string, string>;
  scheme?: string;
  locale?: string;
  /** The renderer of a third-party kind. */
  rendererUrl?: string;
}

/** The preview bundles the chunks, since it is not served beside a build. */
const bundled: Partial<Chunks> = {
  "deep-find": deepFind,
  "host-dialogs": hostDialogs,
  "strings-ar": { default: ar },
  "strings-fil": { default: fil },
  "strings-ro": { default: ro },
  behaviors,
  contrast,
  layouts,
  mount,
  offscreen,
  richtext: { ...richtext, ...personal, runAction: () => undefined },
};
chunks.load = (name) => Promise.resolve(bundled[name]!);

let kit: FullKit | undefined;
let undo: (() => void) | undefined;
let sendCommand: ((name: string, args: Json) => unknown) | undefined;
let showNumber = 0;

/** Reports an event to this page and to the editor that frames it, both of our origin. */
function report(name: string, item?: string, props: object = {}): void {
  const detail = { handrail: "preview", name, item: item ?? null, props };
  window.dispatchEvent(new CustomEvent("handrail:preview", { detail }));
  if (window.parent !== window) window.parent.postMessage(detail, location.origin);
}

async function show(wanted: PreviewRequest): Promise<boolean> {
  const number = ++showNumber;
  hide();
  checkUrl();
  identity.known = wanted.person ?? {};
  const appearance = { locale: wanted.locale ?? "en", theme: { tokens: wanted.theme ?? {}, scheme: wanted.scheme ?? "light" } };
  if (kit) kit.applyAppearance(appearance);
  else kit = createKit(appearance);
  const own = Object.hasOwn(renderers, wanted.kind) ? renderers[wanted.kind] : undefined;
  const renderer = own ?? (wanted.rendererUrl ? await import(new URL(wanted.rendererUrl, location.href).href) : undefined);
  await loadFeatures(["richtext", "behaviors", "layouts", "mount"], kit.root);
  if (!renderer || number !== showNumber) return false;
  if (renderer.css) kit.addStylesheet(renderer.css);
  extensions.extendKit?.(kit);
  undo = renderer.default(showing(wanted, kit.root), renderer.strings ? withStrings(kit, renderer.strings, appearance.locale) : kit);
  return true;
}

/** Authors want to see every item, whatever its conditions. */
const itemsOf = (body: unknown): { key: string }[] => Object.values(body ?? {}).find((list) => Array.isArray(list) && list[0]?.key) ?? [];

function showing({ body, item, items = itemsOf(body) }: PreviewRequest, root: ShadowRoot): Showing<unknown> {
  let progress: Showing<unknown>["progress"] = { status: "", item: item ?? null, done: [] };
  const over = (name: string, reason?: string): void => {
    report(name, undefined, reason ? { reason } : {});
    hide();
  };
  return {
    id: "preview",
    body,
    items,
    get progress() {
      return progress;
    },
    item: item ?? null,
    pageChanged: false,
    completedBefore: false,
    mayFocus: false,
    locale: (root.host as HTMLElement).lang,
    root,
    emit: report,
    act: (action) => report("act", undefined, action),
    dismiss: (reason) => over("dismissed", reason),
    complete: () => over("completed"),
    setIdle: (resting) => resting && report("resting"),
    remember: (state) => (progress = { ...progress, state }),
    onProgress: () => () => undefined,
    onCommand(listener) {
      sendCommand = listener;
      return () => (sendCommand = undefined);
    },
  };
}

function hide(): void {
  const before = undo;
  undo = sendCommand = undefined;
  before?.();
}

Object.assign(window, { handrailPreview: { show: guard(show), hide: guard(hide), goTo: guard((item: string) => sendCommand?.("goTo", { item })) } });
