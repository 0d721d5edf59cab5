/** /embed.js: keeps the calls made early, starts the boot and the runtime side by side. Frozen; all else may change. */

type Queued = [string, unknown[], ((value: unknown) => void)?];
type Queue = Queued[] & { on?: boolean };

((): void => {
  const host = globalThis.window as unknown as { handrail?: { q?: Queue; version?: unknown } };
  if (!host) return;
  // some pages remove the console
  const fail = (problem: unknown): void => window.console?.warn("handrail:", problem);
  try {
    const script = Reflect.get(Document.prototype, "currentScript", document) as unknown;
    const before = host.handrail;
    if (!(script instanceof HTMLScriptElement) || typeof before?.version === "string") return;
    let queue = before?.q as Queue;
    if (!Array.isArray(queue)) {
      queue = [];
      const kept: Record<PropertyKey, unknown> = { q: queue };
      host.handrail = new Proxy(kept, {
        get: (held, name) => (name in held || name === "then" || typeof name === "symbol" ? held[name] : (...args: unknown[]) => new Promise((resolve) => queue.push([name, args, resolve]))),
      });
    }
    if (queue.on) return;
    queue.on = true;
    const { origin } = new URL(script.src);
    const environment = script.getAttribute("data-environment");
    const consent = script.getAttribute("data-consent");
    const early = environment && !consent ? prefetchBoot(origin, environment, queue) : null;
    import(origin + HANDRAIL_RUNTIME)
      .then((runtime) => runtime.default({ origin, environment, consent, queue, early }))
      .catch((problem) => {
        fail(problem);
        const answer = ([name, args, resolve]: Queued): void => {
          if (/^on/.test(name) && args[0] === "error") setTimeout(args[1] as () => void, 0, { message: "load" });
          resolve?.(false);
        };
        Object.defineProperty(queue, "push", { __proto__: null, value: answer } as PropertyDescriptor);
        queue.splice(0).forEach(answer);
      });
  } catch (problem) {
    fail(problem);
  }
})();

/** Sends the boot request early, when all it needs is known; otherwise the runtime sends it. */
function prefetchBoot(origin: string, environment: string, queue: Queue): unknown {
  try {
    let person: unknown = null;
    let company: unknown = null;
    for (const [name, [id, attributes, more]] of queue as [string, never[]][]) {
      const { token, userHash, membership } = (more || {}) as Record<string, unknown>;
      const known = { id: String(id), attributes: attributes || {} };
      if (name === "identify") person = { ...known, token: token || null, user_hash: userHash || null };
      else if (name === "group") company = { ...known, membership: membership || {}, token: token || null };
      else if (!/^(on|off|ready|track|page|set[BCNST])/.test(name)) return null;
    }
    const kept = JSON.parse(localStorage.getItem("handrail:" + environment) || "{}");
    if (kept.consent === "no" || (kept.id && !person) || ([] as { toJSON?: unknown }).toJSON) return null;
    const anonymous = kept.anonymous || "anon_" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const locale = document.documentElement.lang || null;
    const { title, referrer } = document;
    const body = JSON.stringify({ schema: 1, environment, person, company, anonymous, locale, page: { url: location.href, title, referrer } });
    if (body.length > 60_000) return null;
    const at = Date.now();
    const answer = fetch(origin + "/embed/v1/boot", { method: "POST", body, headers: { "Content-Type": "text/plain" }, credentials: "omit", signal: AbortSignal.timeout(10_000) })
      .then(async (got) => ({ status: got.status, text: await got.text(), after: 0 }))
      .catch(() => ({ status: 0, text: "", after: 0 }));
    return { who: JSON.stringify([person, company]), anonymous, locale, at, answer };
  } catch {
    return null;
  }
}
