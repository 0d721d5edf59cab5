/** Conditions on attributes and event properties. The server evaluates those on attributes at boot; triggers need them for events. */

import type { Comparison, NegatedOperator, TestedOperator } from "bodies";
import type { Conditions, Facts } from "./evaluate";
import { own } from "./exports";

type Test = (one: unknown, value: unknown, now: number) => boolean;

const DAY = 86_400_000;
const CLOCK = "([01]\\d|2[0-3]):[0-5]\\d";
const ISO = new RegExp(`^(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T${CLOCK}(:[0-5]\\d(\\.\\d{1,9})?)?(Z|[+-]${CLOCK})?)?$`);

/** Used beside the browser's own: `evaluate(rule, facts, { ...browserConditions, ...attributeConditions })`. */
export const attributeConditions: Conditions = {
  attribute({ of, name, op, value: operand }: Comparison, facts: Facts): boolean | null {
    const attributes = own(facts, of);
    const now = own(facts, "now");
    if (!attributes || (now == null && op.endsWith("_days"))) return null;
    const tested = own(opposites, op as NegatedOperator) ?? op;
    const value = own(attributes, name);
    if (tested === "is_set") return isSet(value) === (tested === op);
    const test = own(tests, tested as keyof typeof tests);
    return test ? members(value).some((member) => test(member, operand, Number(now))) === (tested === op) : null;
  },
  segment(id: string, facts: Facts): boolean | null {
    return own(facts, "segments")?.includes(id) ?? null;
  },
};

const opposites: Record<NegatedOperator, TestedOperator> = {
  is_not: "is",
  contains_not: "contains",
  starts_not_with: "starts_with",
  not_in: "in",
  is_not_set: "is_set",
};

const tests: Record<Exclude<TestedOperator, "is_set">, Test> = {
  is: same,
  in: (one, values) => (values as unknown[]).some((value) => same(one, value)),
  contains: (one, part) => both(folded(one), folded(part), (text, piece) => text.includes(piece)),
  starts_with: (one, part) => both(folded(one), folded(part), (text, piece) => text.startsWith(piece)),
  ends_with: (one, part) => both(folded(one), folded(part), (text, piece) => text.endsWith(piece)),
  greater: (one, value) => both(number(one), number(value), (left, right) => left > right),
  less: (one, value) => both(number(one), number(value), (left, right) => left < right),
  before: (one, value) => both(instant(one), instant(value), (left, right) => left < right),
  after: (one, value) => both(instant(one), instant(value), (left, right) => left > right),
  older_than_days: (one, days, now) => both(instant(one), number(days), (held, most) => now - held > most * DAY),
  newer_than_days: (one, days, now) => both(instant(one), number(days), (held, most) => now - held < most * DAY),
};

const isSet = (value: unknown): boolean => value != null && value !== "" && !(Array.isArray(value) && !value.length);

/** A list fits if one member does. */
const members = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function same(one: unknown, value: unknown): boolean {
  const left = number(one);
  const right = number(value);
  return left != null && right != null ? left === right : both(folded(one), folded(value), (text, other) => text === other);
}

function both<T>(left: T | null, right: T | null, test: (left: T, right: T) => boolean): boolean {
  return left != null && right != null && test(left, right);
}

/** A number, or text that looks like one; `007` and ids of sixteen digits stay text. */
function number(value: unknown): number | null {
  if (typeof value === "string") return /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/.test(value) ? Number(value) : null;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** The text of a value in lower case. */
function folded(value: unknown): string | null {
  if (typeof value === "string") return value.normalize().toLowerCase();
  return typeof value === "boolean" || number(value) != null ? String(value) : null;
}

/** The milliseconds of an ISO date or time, in UTC where it names no zone. */
function instant(value: unknown): number | null {
  const found = typeof value === "string" && ISO.exec(value);
  if (!found) return null;
  const day = Date.parse(`${found[0].slice(0, 10)}T00:00:00Z`);
  if (!(new Date(day).getUTCDate() === Number(found[2]))) return null;
  return Date.parse(found[3] && !found[7] ? `${found[0]}Z` : found[0]);
}
