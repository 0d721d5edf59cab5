/** Notices address changes, in pages that never reload too, and undoes itself without a trace. */

import { guard, listen } from "./guard";

type Write = History["pushState"];

export const page = { url: "", since: 0 };
const told = new Set<() => void>();
let undo: (() => void)[] = [];

export function startPage(): void {
  look();
  const { navigation } = window as { navigation?: EventTarget & { currentEntry?: unknown } };
  undo = [listen("popstate hashchange", () => look())];
  if (navigation?.currentEntry) undo.push(listen("currententrychange", () => look(), navigation));
  else undo.push(patch("pushState"), patch("replaceState"));
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

/** Compare the address; the host may also name one itself. */
export function look(url = location.href): void {
  if (url === page.url) return;
  page.url = url;
  page.since = Date.now();
  queueMicrotask(() => told.forEach((changed) => changed()));
}

/** Wrap one of history's writers; hand back how to unwrap, which leaves alone what another has wrapped since. */
function patch(name: "pushState" | "replaceState"): () => void {
  const native = history[name];
  let active = true;
  const wrapped: Write & { handrail?: boolean } = function (this: History, _state, _title) {
    native.apply(this, arguments as unknown as Parameters<Write>);
    if (active) queueMicrotask(() => look());
  };
  wrapped.handrail = true;
  history[name] = wrapped;
  return () => {
    active = false;
    if (history[name] === wrapped) history[name] = native;
  };
}
