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
import { extensions } from "../ui/extensions";
import { loadFeatures } from "../kit/features";
import { createKit } from "../kit/kit";
import type { Chunks, FullKit } from "../types/contracts";
import type { Command, Showing } from "../types/kit";
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
  offscreen,
  richtext: { ...richtext, runAction: () => undefined },
};
chunks.load = (name) => Promise.resolve(bundled[name]!);

let kit: FullKit | undefined;
let undo: (() => void) | undefined;
let sendCommand: ((command: Command) => void) | undefined;
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
  await loadFeatures(["richtext", "behaviors", "layouts"], kit.root);
  if (!renderer || number !== showNumber) return false;
  if (renderer.css) kit.addStylesheet(renderer.css);
  const forRenderer = showing(wanted, kit.root);
  await extensions.prepare?.(forRenderer, kit);
  // authors want to see every step
  delete forRenderer.isExcluded;
  if (number !== showNumber) return false;
  undo = renderer.default(forRenderer, kit);
  return true;
}

function showing({ body, item }: PreviewRequest, root: ShadowRoot): Showing<unknown> {
  const over = (name: string, reason?: string): void => {
    report(name, undefined, reason ? { reason } : {});
    hide();
  };
  return {
    id: "preview",
    body,
    item: item ?? null,
    done: new Set(),
    pageChanged: false,
    completedBefore: false,
    mayFocus: false,
    root,
    emit: report,
    act: (action) => report("act", undefined, action),
    dismiss: (reason) => over("dismissed", reason),
    complete: () => over("completed"),
    setIdle: (resting) => resting && report("resting"),
    on: (command) => (sendCommand = command),
  };
}

function hide(): void {
  const before = undo;
  undo = sendCommand = undefined;
  before?.();
}

Object.assign(window, { handrailPreview: { show: guard(show), hide: guard(hide), goTo: guard((item: string) => sendCommand?.({ do: "goTo", item })) } });
