/** Nothing of ours throws into the host page: what goes wrong is said once in the console. */

let warned = false;

export function warn(what: unknown): void {
  try {
    if (!warned) console.warn("handrail:", what);
  } catch {
    // a page without a console
  }
  warned = true;
}

/** The same function, but it warns where the other would throw. */
export const guard =
  <A extends unknown[], R>(call: (...args: A) => R): ((...args: A) => R | undefined) =>
  (...args) => {
    try {
      return call(...args);
    } catch (problem) {
      return void warn(problem);
    }
  };

/** All that listens, watches or waits for us ends with this one signal. */
export const lifetime = new AbortController();

/** Listen on the window, before the page does, and hand back how to stop. */
export function listen(names: string, listener: (event: never) => void, to: EventTarget = window): () => void {
  const safe = guard(listener) as EventListener;
  names.split(" ").forEach((name) => to.addEventListener(name, safe, { capture: true, signal: lifetime.signal }));
  return () => names.split(" ").forEach((name) => to.removeEventListener(name, safe, true));
}

/** As JSON, whatever toJSON the page has given to all lists or objects. */
export const json = (value: unknown): string =>
  JSON.stringify(value, function (this: Record<string, unknown>, key) {
    return this[key];
  });
