/** Notices address changes, in pages that never reload too, and undoes itself without a trace. */

import { files } from "./chunks";
import { guard, life, listen, warn } from "./guard";
import { options } from "./options";

export const page = { url: "", since: 0 };
const told = new Set<() => void>();
let undo: (() => void)[] = [];

export function startPage(): void {
  look();
  const { navigation } = window as { navigation?: EventTarget & { currentEntry?: unknown } };
  undo = [listen("popstate hashchange", () => look())];
  if (navigation?.currentEntry) undo.push(listen("currententrychange", () => look(), navigation));
  else void files.load("history-patch").then((part) => undo.push(part.wrap()), warn);
  life.signal.addEventListener("abort", stopPage);
}

export function stopPage(): void {
  undo.splice(0).forEach((each) => each());
  told.clear();
}

export function onPage(changed: () => void): () => void {
  const safe = guard(changed);
  told.add(safe);
  return () => told.delete(safe);
}

/** Compare the address; the host may also name one itself, or read it in a way of its own. */
export function look(given = location.href): void {
  const url = `${(options.urlFilter && guard(options.urlFilter)(given)) ?? given}`;
  if (url === page.url) return;
  page.url = url;
  page.since = Date.now();
  queueMicrotask(() => told.forEach((changed) => changed()));
}
