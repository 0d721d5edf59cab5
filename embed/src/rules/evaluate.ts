/** Finishes the rules that the server could not settle: page, element, time and scroll (guides/rules/evaluate.py is the other half). */

/** One key names what is asked: a group of rules or one condition. */
export type Rule = { readonly [tag: string]: unknown };
export type Attributes = { readonly [name: string]: unknown };

/** What is known; what is missing or null is unknown and stays in the rule. */
export interface Facts {
  readonly person?: Attributes | null;
  readonly company?: Attributes | null;
  /** The properties of what has just happened. */
  readonly event?: Attributes | null;
  readonly segments?: readonly string[] | null;
  /** The whole address of the page. */
  readonly page?: string | null;
  readonly now?: Date | number | null;
  /** Since this page was reached. */
  readonly seconds?: number | null;
  /** Percent of the page that have been seen. */
  readonly scroll?: number | null;
  readonly element?: ((target: never) => boolean | null) | null;
}

/** Answers one kind of condition; null where it is not known here. */
export type Condition = (condition: never, facts: Facts) => boolean | null;
export type Conditions = { readonly [tag: string]: Condition };

/** An own property, whatever the host page did to the prototypes. */
export const own = <T extends object, K extends keyof T>(of: T, key: K): T[K] | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;

/** A condition that waits for one fact. */
export const whenKnown =
  <K extends keyof Facts, A>(fact: K, holds: (known: NonNullable<Facts[K]>, asked: A) => boolean | null) =>
  (asked: A, facts: Facts): boolean | null => {
    const known = own(facts, fact);
    return known == null ? null : holds(known, asked);
  };

/** The conditions answered here; ./senses adds those that look at the page itself. */
export const browserConditions: Record<string, Condition> = {
  page: whenKnown("page", (url, pattern: string) => matchesPage(pattern, url)),
};

/** True, false, or what is left of a rule under these facts; no rule is always true. */
export function evaluate(rule: Rule | null | undefined, facts: Facts, conditions: Conditions = browserConditions): boolean | Rule {
  const tag = rule && Object.keys(rule)[0];
  if (!tag) return true;
  const asked = rule[tag];
  if (tag === "not") {
    const negated = evaluate(asked as Rule, facts, conditions);
    return typeof negated === "boolean" ? !negated : { not: negated };
  }
  if (tag !== "all" && tag !== "any") return own(conditions, tag)?.(asked as never, facts) ?? rule;
  const decides = tag === "any";
  const remaining: Rule[] = [];
  for (const each of asked as Rule[]) {
    const answer = evaluate(each, facts, conditions);
    if (answer === decides) return decides;
    if (typeof answer === "object") remaining.push(answer);
  }
  return remaining.length > 1 ? { [tag]: remaining } : (remaining[0] ?? !decides);
}

/** Whether a pattern such as `/deals/*` or `https://*.acme.example/*` fits an address, in time linear to both. */
export const matchesPage = (pattern: string, url: string): boolean => fitsPattern(normalize(pattern, pattern), normalize(url, pattern));

/** The parts of an address that the pattern speaks of, without the slash at the end. */
function normalize(address: string, pattern: string): string {
  const [, origin = "", path = "", query = "", hash = ""] = /^([^/?#:]+:\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#[^]*)?$/.exec(escaped(address)) ?? [];
  return (
    (pattern[0] === "/" ? "" : origin.toLowerCase()) +
    (path ? trimmed(path, "/") : origin.endsWith("*") ? "" : "/") +
    (pattern.includes("?") ? query : "") +
    (pattern.includes("#") ? trimmed(hash, "#/") : "")
  );
}

const trimmed = (part: string, root: string): string => (part !== root && part.endsWith("/") ? part.slice(0, -1) : part);

/** An address as browsers write it: letters beyond ASCII percent-encoded. */
function escaped(address: string): string {
  try {
    return address.replace(/[^!-~]+/g, encodeURI);
  } catch {
    return address;
  }
}

/** Whether a pattern with stars fits; each piece is looked for once, from where the one before it ended. */
function fitsPattern(pattern: string, text: string): boolean {
  const pieces = pattern.split("*");
  const head = pieces.shift()!;
  const tail = pieces.pop();
  if (tail == null) return head === text;
  const end = text.length - tail.length;
  let at = head.length;
  if (at > end || !text.startsWith(head) || !text.endsWith(tail)) return false;
  for (const piece of pieces) {
    at = text.indexOf(piece, at);
    if (at < 0) return false;
    at += piece.length;
  }
  return at <= end;
}
