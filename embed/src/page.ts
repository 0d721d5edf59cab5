/** Notices address changes, in pages that never reload too, and undoes itself without a trace. */

import { guard, listen } from "./guard";

interface Navigation extends EventTarget {
  currentEntry: unknown;
}

type Write = History["pushState"];
const OURS = "handrail";

export class Page {
  url = "";
  /** When this address was reached. */
  since = Date.now();
  private readonly told = new Set<() => void>();
  private readonly undo: (() => void)[] = [];

  start(): void {
    this.url = location.href;
    const look = (): void => this.look();
    const navigation = (window as { navigation?: Navigation }).navigation;
    if (navigation && "currentEntry" in navigation && typeof navigation.addEventListener === "function") {
      this.undo.push(listen(navigation, "currententrychange", look));
    } else {
      this.undo.push(patch("pushState", look), patch("replaceState", look));
    }
    this.undo.push(listen(window, "popstate hashchange", look));
  }

  stop(): void {
    this.undo.splice(0).forEach((undo) => undo());
    this.told.clear();
  }

  onChange(changed: () => void): () => void {
    const safe = guard(changed);
    this.told.add(safe);
    return () => this.told.delete(safe);
  }

  /** Compare the address; the host may also name one itself. */
  look(url = location.href): void {
    if (url === this.url) return;
    this.url = url;
    this.since = Date.now();
    queueMicrotask(() => [...this.told].forEach((changed) => changed()));
  }
}

/** Wrap one of history's writers; hand back how to unwrap, which leaves alone what another has wrapped since. */
export function patch(name: "pushState" | "replaceState", look: () => void, on: History = history): () => void {
  const native: Write & { [OURS]?: boolean } = on[name];
  let active = true;
  const wrapped = function (this: History, ...args: Parameters<Write>): void {
    native.apply(this, args);
    if (active) queueMicrotask(look);
  };
  Object.defineProperties(wrapped, { length: { value: native.length }, name: { value: name }, [OURS]: { value: true } });
  on[name] = wrapped;
  return () => {
    active = false;
    if (on[name] === wrapped) on[name] = native;
  };
}
