/** Who is on this page: what boot is asked with, and whose events these are. */

import { facts, idOf, option, textOf } from "./copy";
import { hex, random } from "./ids";
import type { Store } from "./memory";
import type { Who as Owner } from "./outbox";
import type { Company, Facts, Person } from "./types";

const empty = (): Facts => Object.create(null) as Facts;

/** What is new compared with what the server already has; changes such as {"add": 1} always are. */
function news(given: Facts, had: Facts): Facts {
  const made = empty();
  for (const [key, value] of Object.entries(given)) if ((value && typeof value === "object") || had[key] !== value) made[key] = value;
  return made;
}

export class Who {
  person: Person | null = null;
  company: Company | null = null;
  anonymous = "";
  /** Attributes known on this page, for names in texts. */
  known = empty();
  /** True while the server has not heard all of it. */
  fresh = true;
  private unnamed = empty();
  private had = { person: empty(), company: empty() };

  constructor(private readonly store: Store) {}

  /** Take up what this browser remembers; hands back the id of the person who was here last. */
  start(anonymous?: string): string | null {
    const kept = this.store.read("");
    this.anonymous = idOf(option(kept, "anonymous")) ?? anonymous ?? "anon_" + hex(random(16));
    return idOf(option(kept, "id"));
  }

  get consent(): unknown {
    return option(this.store.read(""), "consent");
  }

  remember(consent = this.consent): void {
    this.store.write("", { anonymous: this.anonymous, id: this.person?.id, consent });
  }

  get key(): string {
    return this.person ? "p:" + this.person.id : "a:" + this.anonymous;
  }

  get owner(): Owner {
    return { id: this.person ? this.person.id : null, anonymous: this.anonymous };
  }

  identify(id: string, attributes: unknown, options: unknown): void {
    const token = textOf(option(options, "token"));
    const user_hash = textOf(option(options, "userHash"));
    const before = this.person;
    if (before?.id !== id || before.token !== token || before.user_hash !== user_hash) this.fresh = true;
    this.person = { id, attributes: before?.attributes ?? this.unnamed, token, user_hash };
    this.update(attributes);
  }

  update(attributes: unknown): void {
    const given = facts(attributes);
    const made = news(given, this.had.person);
    Object.assign(this.person ? this.person.attributes : this.unnamed, made);
    Object.assign(this.known, given);
    if (Object.keys(made).length) this.fresh = true;
  }

  group(id: string, attributes: unknown, options: unknown): void {
    const before = this.company;
    const same = before?.id === id;
    if (!same) this.had.company = empty();
    const membership = facts(option(options, "membership"));
    const made = news(facts(attributes), this.had.company);
    if (!same || Object.keys(made).length || Object.keys(membership).length) this.fresh = true;
    this.company = { id, attributes: Object.assign(same ? before.attributes : empty(), made), membership, token: textOf(option(options, "token")) };
  }

  forget(): void {
    this.person = this.company = null;
    this.unnamed = empty();
    this.known = empty();
    this.had = { person: empty(), company: empty() };
    this.fresh = true;
  }

  /** The part of a boot that says who asks; attributes of somebody without a name wait for one. */
  asked(): { person: Person | null; company: Company | null } {
    return { person: this.person, company: this.company };
  }

  /** The server has heard this much: say changes once. */
  heard(person: Facts | undefined, company: Facts | undefined): void {
    this.fresh = false;
    if (this.person) settle(this.person.attributes, person, this.had.person);
    if (this.company) settle(this.company.attributes, company, this.had.company);
  }
}

function settle(pending: Facts, sent: Facts | undefined, had: Facts): void {
  for (const [key, value] of Object.entries(sent ?? {})) {
    had[key] = value;
    if (pending[key] === value) delete pending[key];
  }
}
