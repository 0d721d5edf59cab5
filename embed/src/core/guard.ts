/** Errors never reach the host page: the first is a warning in the console, the rest are silent. */

let warned = false;

export function warn(what: unknown): void {
  try {
    if (!warned) console.warn("handrail:", what);
  } catch {
    // some pages remove the console
  }
  warned = true;
}

/** Wraps a function: where it would throw, it warns and returns undefined. */
export const guard =
  <A extends unknown[], R>(call: (...args: A) => R): ((...args: A) => R | undefined) =>
  (...args) => {
    try {
      return call(...args);
    } catch (problem) {
      return void warn(problem);
    }
  };

/** Aborting this ends every listener of the embed. */
export const lifetime = new AbortController();

/** Listens in the capture phase of the window (or another target); returns how to stop. */
export function listen(names: string, listener: (event: never) => void, to: EventTarget = window): () => void {
  const safe = guard(listener) as EventListener;
  names.split(" ").forEach((name) => to.addEventListener(name, safe, { capture: true, signal: lifetime.signal }));
  return () => names.split(" ").forEach((name) => to.removeEventListener(name, safe, true));
}

/** JSON.stringify, unaffected by a toJSON that the page added to Array or Object. */
export const json = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key) {
    return this[key];
  });
