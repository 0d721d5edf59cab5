/** Evaluates rules: the server's half is guides/rules/evaluate.py, the browser knows the page, elements, time and scrolling. */

/** An object with one key: a group of rules (all, any, not) or a condition. */
export type Rule = { readonly [tag: string]: unknown };
export type Attributes = { readonly [name: string]: unknown };

/** The known facts; a condition on a missing or null one stays in the rule. */
export interface Facts {
  readonly person?: Attributes | null;
  readonly company?: Attributes | null;
  /** The properties of the event that triggers the rule. */
  readonly event?: Attributes | null;
  readonly segments?: readonly string[] | null;
  /** The address of the page. */
  readonly page?: string | null;
  readonly now?: Date | number | null;
  /** Seconds on this page. */
  readonly seconds?: number | null;
  /** Percent of the page that was scrolled into view. */
  readonly scroll?: number | null;
  readonly element?: ((target: never) => boolean | null) | null;
}

/** Evaluates one kind of condition; null where the fact is unknown. */
export type Condition = (condition: never, facts: Facts) => boolean | null;
export type Conditions = { readonly [tag: string]: Condition };

/** An own property, whatever the host page did to the prototypes. */
export const own = <T extends object, K extends keyof T>(of: T, key: K): T[K] | undefined =>
  Object.hasOwn(of, key) ? of[key] : undefined;

/** A condition on one fact: null until that is known. */
export const whenKnown =
  <K extends keyof Facts, A>(fact: K, holds: (known: NonNullable<Facts[K]>, asked: A) => boolean | null) =>
  (condition: A, facts: Facts): boolean | null => {
    const known = own(facts, fact);
    return known == null ? null : holds(known, condition);
  };

/** The conditions the browser evaluates; ./page-conditions adds those on the page itself. */
export const browserConditions: Record<string, Condition> = {
  page: whenKnown("page", (url, pattern: string) => matchesPage(pattern, url)),
};

/** Evaluates a rule against known facts: true, false, or the part that needs other facts. No rule is true. */
export function evaluate(rule: Rule | null | undefined, facts: Facts, conditions: Conditions = browserConditions): boolean | Rule {
  const tag = rule && Object.keys(rule)[0];
  if (!tag) return true;
  const operand = rule[tag];
  if (tag === "not") {
    const negated = evaluate(operand as Rule, facts, conditions);
    return typeof negated === "boolean" ? !negated : { not: negated };
  }
  if (tag !== "all" && tag !== "any") return own(conditions, tag)?.(operand as never, facts) ?? rule;
  const decides = tag === "any";
  const remaining: Rule[] = [];
  for (const each of operand as Rule[]) {
    const answer = evaluate(each, facts, conditions);
    if (answer === decides) return decides;
    if (typeof answer === "object") remaining.push(answer);
  }
  return remaining.length > 1 ? { [tag]: remaining } : (remaining[0] ?? !decides);
}

/** Whether a pattern such as `/deals/*` or `https://*.acme.example/*` fits an address, in time linear to both. */
export const matchesPage = (pattern: string, url: string): boolean => fitsPattern(normalize(pattern, pattern), normalize(url, pattern));

/** The parts of an address that the pattern mentions, without a trailing slash. */
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

/** Whether a text fits a pattern with stars, in linear time. */
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
