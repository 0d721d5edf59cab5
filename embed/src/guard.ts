/** Nothing of ours throws into the host page: what goes wrong is said once in the console. */

let warned = false;
let loud = false;

export function speakUp(on: boolean): void {
  loud = on;
}

export function warn(what: unknown): void {
  if (warned && !loud) return;
  warned = true;
  try {
    console.warn("handrail:", what);
  } catch {
    // a page without a console
  }
}

export function note(...what: unknown[]): void {
  if (!loud) return;
  try {
    console.info("handrail:", ...what);
  } catch {
    // a page without a console
  }
}

/** The same function, but it warns where the other would throw. */
export function guard<A extends unknown[], R>(act: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return act(...args);
    } catch (problem) {
      warn(problem);
      return undefined;
    }
  };
}

/** A property of the document itself, even where the page has an image by that name. */
export function own<K extends keyof Document>(name: K): Document[K] {
  return Reflect.get(Document.prototype, name, document) as Document[K];
}

/** Listen, and hand back how to stop. */
export function listen(to: EventTarget, names: string, heard: (event: Event) => void, options: AddEventListenerOptions = { passive: true, capture: true }): () => void {
  const safe = guard(heard);
  const each = (act: "addEventListener" | "removeEventListener"): void => names.split(" ").forEach((name) => EventTarget.prototype[act].call(to, name, safe, options));
  each("addEventListener");
  return () => each("removeEventListener");
}
