/** The current address, and a callback for its changes, in single-page apps too. */

import { chunks } from "./chunks";
import { guard, lifetime, listen, warn } from "./guard";
import { options } from "./options";

export const page = { url: "", since: 0 };
const listeners = new Set<() => void>();
let undo: (() => void)[] = [];

export function startPage(): void {
  checkUrl();
  const { navigation } = window as { navigation?: EventTarget & { currentEntry?: unknown } };
  undo = [listen("popstate hashchange", () => checkUrl())];
  if (navigation?.currentEntry) undo.push(listen("currententrychange", () => checkUrl(), navigation));
  else void chunks.load("history-patch").then((part) => undo.push(part.patchHistory()), warn);
  lifetime.signal.addEventListener("abort", stopPage);
}

export function stopPage(): void {
  undo.splice(0).forEach((each) => each());
  listeners.clear();
}

export function onPage(changed: () => void): () => void {
  const safe = guard(changed);
  listeners.add(safe);
  return () => listeners.delete(safe);
}

/** Checks whether the address changed; the host may pass one, or map it with urlFilter. */
export function checkUrl(address = location.href): void {
  const url = `${(options.urlFilter && guard(options.urlFilter)(address)) ?? address}`;
  if (url === page.url) return;
  page.url = url;
  page.since = Date.now();
  queueMicrotask(() => listeners.forEach((changed) => changed()));
}
