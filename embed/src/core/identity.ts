/** The person and company of this page, as the host identified them. */

import { sanitize, emptyFacts, toFacts, toId, readOption } from "./sanitize";
import { json } from "./guard";
import { randomHex } from "./uuid";
import { read, write } from "./storage";
import type { Company, Person } from "../types/protocol";

export interface BootIdentity {
  person: Person | null;
  company: Company | null;
}

/** `known` holds the attributes set on this page, for names in texts. */
export const identity = { person: null as Person | null, company: null as Company | null, anonymous: "", known: emptyFacts() };
let lastCalls: Record<string, string> = {};

/** Reads the stored identity; returns the id of the person who was here last. */
export function loadIdentity(anonymous?: string): string {
  const stored = read("");
  identity.anonymous = toId(readOption(stored, "anonymous")) || anonymous || "anon_" + randomHex(16);
  return toId(readOption(stored, "id"));
}

export const consent = (): unknown => readOption(read(""), "consent");

export function saveIdentity(): void {
  write("", { anonymous: identity.anonymous, id: identity.person?.id, consent: consent() });
}

export const ownerKey = (id: string | null | undefined, anonymous: string | null): string => (id ? "p:" + id : "a:" + anonymous);
export const identityKey = (id = identity.person?.id): string => ownerKey(id, identity.anonymous);

const stringOption = (options: unknown, name: string): string | null => {
  const value = readOption(options, name);
  return typeof value === "string" ? value : null;
};

export function identify(id: string, attributes: unknown, options: unknown): void {
  identity.person = { id, attributes: identity.person?.attributes ?? { ...identity.known }, token: stringOption(options, "token"), user_hash: stringOption(options, "userHash") };
  updateAttributes(attributes);
}

/** Attributes of an anonymous person are sent once they are identified. */
export function updateAttributes(attributes: unknown): void {
  const changes = toFacts(attributes);
  Object.assign(identity.known, changes);
  if (identity.person) Object.assign(identity.person.attributes, changes);
}

export function setCompany(id: string, attributes: unknown, options: unknown): void {
  const attributesBefore = identity.company?.id === id ? identity.company.attributes : {};
  identity.company = { id, attributes: { ...attributesBefore, ...toFacts(attributes) }, membership: toFacts(readOption(options, "membership")), token: stringOption(options, "token") };
}

/** Takes the identity for a boot request; attribute changes are sent once, and the second value puts them back after a failure. */
export function takeBootIdentity(): [BootIdentity, () => void] {
  const { person, company } = identity;
  if (person) identity.person = { ...person, attributes: emptyFacts() };
  if (company) identity.company = { ...company, attributes: emptyFacts(), membership: emptyFacts() };
  const putBack = (): void => {
    lastCalls = {};
    if (person && identity.person?.id === person.id) identity.person.attributes = { ...person.attributes, ...identity.person.attributes };
    if (company && identity.company?.id === company.id) Object.assign(identity.company, { attributes: { ...company.attributes, ...identity.company.attributes }, membership: company.membership });
  };
  return [{ person, company }, putBack];
}

export function clearIdentity(): void {
  Object.assign(identity, { person: null, company: null, known: emptyFacts() });
  lastCalls = {};
}

/** False for a call with the same arguments as before, unless one of them is an operation such as an increment. */
export function hasChanges(call: string, ...args: unknown[]): boolean {
  const text = json(args.map((each) => sanitize(each)));
  const isChanged = lastCalls[call] !== text || text.includes(':{"');
  lastCalls[call] = text;
  return isChanged;
}
