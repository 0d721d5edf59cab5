/** Who is on this page: what boot is asked with, and whose events these are. */

import { copied, empty, facts, idOf, option } from "./sanitize";
import { json } from "./guard";
import { random } from "./uuid";
import { read, write } from "./storage";
import type { Company, Person } from "../types/protocol";

export interface Asked {
  person: Person | null;
  company: Company | null;
}

/** `known` are the attributes told on this page, for names in texts. */
export const who = { person: null as Person | null, company: null as Company | null, anonymous: "", known: empty() };
let said: Record<string, string> = {};

/** Take up what this browser remembers; hands back the id of the person who was here last. */
export function recognise(anonymous?: string): string {
  const kept = read("");
  who.anonymous = idOf(option(kept, "anonymous")) || anonymous || "anon_" + random(16);
  return idOf(option(kept, "id"));
}

export const consent = (): unknown => option(read(""), "consent");

export function rememberWho(): void {
  write("", { anonymous: who.anonymous, id: who.person?.id, consent: consent() });
}

export const keyOf = (id: string | null | undefined, anonymous: string | null): string => (id ? "p:" + id : "a:" + anonymous);
export const whoKey = (id = who.person?.id): string => keyOf(id, who.anonymous);

const proof = (options: unknown, name: string): string | null => {
  const value = option(options, name);
  return typeof value === "string" ? value : null;
};

export function identify(id: string, attributes: unknown, options: unknown): void {
  who.person = { id, attributes: who.person?.attributes ?? { ...who.known }, token: proof(options, "token"), user_hash: proof(options, "userHash") };
  update(attributes);
}

/** Attributes of somebody without a name wait for one. */
export function update(attributes: unknown): void {
  const given = facts(attributes);
  Object.assign(who.known, given);
  if (who.person) Object.assign(who.person.attributes, given);
}

export function group(id: string, attributes: unknown, options: unknown): void {
  const before = who.company?.id === id ? who.company.attributes : {};
  who.company = { id, attributes: { ...before, ...facts(attributes) }, membership: facts(option(options, "membership")), token: proof(options, "token") };
}

/** The part of a boot that says who asks; changes are said once, unless the asking fails and they are put back. */
export function asking(): [Asked, () => void] {
  const { person, company } = who;
  if (person) who.person = { ...person, attributes: empty() };
  if (company) who.company = { ...company, attributes: empty(), membership: empty() };
  const putBack = (): void => {
    said = {};
    if (person && who.person?.id === person.id) who.person.attributes = { ...person.attributes, ...who.person.attributes };
    if (company && who.company?.id === company.id) Object.assign(who.company, { attributes: { ...company.attributes, ...who.company.attributes }, membership: company.membership });
  };
  return [{ person, company }, putBack];
}

export function forget(): void {
  Object.assign(who, { person: null, company: null, known: empty() });
  said = {};
}

/** The same call with the same words as before says nothing new, unless it changes something by an amount. */
export function isNews(call: string, ...args: unknown[]): boolean {
  const text = json(args.map((each) => copied(each)));
  const news = said[call] !== text || text.includes(':{"');
  said[call] = text;
  return news;
}
