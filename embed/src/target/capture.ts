/** Captures what tells an element apart; runs in the builder only, never on the pages that people see. */

import type { Fingerprint } from "bodies";
import type { MatchResult } from "../types/contracts";
import { ancestorsOf, neighborsOf, summaryOf, FILLED, normalizeText, headingOf, labelOf, pathOf, signOf, soleChildRoot, textOf, words, attributeText } from "./describe";
import { runToEnd, candidatesOf, familyOf, LIKE, measure, resolve, surveyPage } from "./resolve";
import type { SearchRoot } from "./fast-match";
import { ALL, type PageSurvey, BESIDE, contextOf, NEAR, OWN, ownOf, rate, regionOf, TWIN, type Value } from "./features";

export type Quality = "strong" | "check" | "lost";
export interface Captured {
  fingerprint: Fingerprint;
  quality: Quality;
  /** How it is found on the page where it was picked. */
  found: MatchResult;
}

/** Attributes by the feature they belong to: for tests, by name, read by people, leading somewhere, and the rest. */
const ATTRIBUTES: Record<number, string[]> = {
  2: ["data-testid", "data-test-id", "data-test", "data-qa", "data-cy", "data-e2e", "data-automation-id", "data-tour", "data-track", "data-handrail-target"],
  3: ["name"],
  6: ["aria-label", "title", "placeholder", "alt", "value"],
  7: ["href", "src", "action", "for", "data-target", "data-bs-target"],
  8: ["type", "role", "autocomplete", "data-toggle", "data-bs-toggle", "data-action", "data-widget", "data-card-widget", "data-dismiss", "data-bs-dismiss", "data-slide", "aria-haspopup", "scope", "rows"],
};
const STATE = /^(is-|has-)?(active|open|opened|show|shown|in|hover|focus|focused|selected|collapsed|collapse|disabled|checked|current|visible|hidden|loading|fade|animated|expanded|error|valid|invalid|dragging)$/i;
const UTILITY = /^-?(m|p)[tblrxyse]?-|^(text|bg|border|rounded|shadow|d|flex|align|justify|col|w|h|min|max|float|order|font|fw|fs|g|gap|ml|mr|pl|pr|mt|mb|position|overflow|z|top|bottom|start|end|grid|inline|block|items|self|space|leading|tracking|opacity|cursor|small|large|medium|cell|columns?|sm|md|lg|xl)(-|$)/;
const HASHED = /^(css|sc|jss|emotion|jsx|svelte|styles?)-|__[a-z0-9_-]{5,}$|^_|^[a-z]{0,3}\d[a-z0-9]{3,}$|[a-z][A-Z][a-z]?\d|[a-f0-9]{6,}|\d{3,}|^:|[:[\]!/@]/i;
const MACHINE = /^:|:$|^(radix|headlessui|mui|ember|ext-gen|select2|react|rc|ng|mat|cdk|aria|gwt|yui|uid|uuid|el|v)-?[:_-]?\d|[0-9a-f]{8}|\d{4,}|^\d|^[a-z]{0,2}\d+$/i;

const lastingId = (id: string): string => (id && id.length < 60 && !MACHINE.test(id) ? id : "");

function weightOf(name: string): number {
  if (name.length > 40 || STATE.test(name) || HASHED.test(name)) return 0;
  return UTILITY.test(name) ? 0.25 : 1;
}

function classesOf(element: Element, most = 8): Record<string, number> {
  return Object.fromEntries([...element.classList].map((name) => [name, weightOf(name)] as const).filter(([, weight]) => weight).slice(0, most));
}

const names = (element: Element): string[] => Object.entries(classesOf(element)).filter(([, weight]) => weight === 1).map(([name]) => name).slice(0, 3);

function attributesOf(element: Element): Fingerprint["attributes"] {
  const isFixed = element.matches("input[type=submit],input[type=button],input[type=radio],input[type=checkbox],option,button");
  const found: Fingerprint["attributes"] = {};
  for (const [feature, names] of Object.entries(ATTRIBUTES))
    for (const name of names) {
      const value = attributeText(name, element.getAttribute(name));
      const isVolatile = feature === "7" && (/^(#|(?!https?:)[a-z]+:.*)$/.test(value) || MACHINE.test(value.replace("#", "")));
      if (value && !isVolatile && (name !== "value" || isFixed) && Object.keys(found).length < 10) found[name] = [+feature, value];
    }
  return found;
}

/** A fingerprint without its power: what can be read from the element itself; numbers alone say nothing. */
function read(element: Element): Fingerprint {
  const text = element.matches("select,textarea") ? "" : textOf(element);
  return {
    role: familyOf(element),
    tag: element.localName,
    id: lastingId(element.id),
    text: /\p{L}|^[^#]+$/u.test(text) ? text : "",
    label: element.matches(FILLED) ? labelOf(element) : "",
    icon: distinct(element),
    attributes: attributesOf(element),
    classes: classesOf(element),
    nearby_text: [],
    nearby_depth: 0,
    heading: headingOf(element),
    ancestors: [...ancestorsOf(element, 8)].map((each) => [each.localName, ...names(each)].join(".")),
    siblings: [...neighborsOf(element), summaryOf(soleChildRoot(element))],
    path: pathOf(element),
    selectors: [],
    weights: "9".repeat(ALL),
    position: [],
    ids: [],
    duplicates: [1, 0],
    page_words: [],
    roots: [],
  };
}

/** Of the classes that draw its sign the one that the fewest other signs have. */
function distinct(element: Element): string {
  const parts = signOf(element).slice(0, 80).split(" ").filter((part) => part && !HASHED.test(part.replace(/\d/g, "")));
  const root = element.getRootNode() as ParentNode;
  const count = (part: string): number => (parts.length > 1 ? root.querySelectorAll("." + CSS.escape(part)).length : 0);
  return parts.map((part) => ({ part, many: count(part) })).sort((a, b) => a.many - b.many)[0]?.part ?? "";
}

/** Words that its own part of the page has, and no like of it; and how far up they were found. */
function nearOf(element: Element, likes: readonly Element[]): Pick<Fingerprint, "nearby_text" | "nearby_depth"> {
  const own = new Set(words(textOf(element, 400)));
  const others = new Set(likes.flatMap((like) => words(normalizeText(regionOf(like, [...likes, element]).textContent))));
  const found = new Set<string>();
  const region = regionOf(element, likes);
  let reach = 0;
  if (region === element) return { nearby_text: [], nearby_depth: reach };
  for (const up of ancestorsOf(element, 10)) {
    reach++;
    for (const word of words(normalizeText(up.textContent))) if (word.length > 2 && word.length < 30 && !own.has(word) && !others.has(word)) found.add(word);
    if (up === region || found.size > 9) break;
  }
  return { nearby_text: [...found].slice(0, 10), nearby_depth: reach };
}

const spread = <T>(all: T[], most: number): T[] => all.filter((_, i) => i % Math.max(1, Math.floor(all.length / most)) === 0).slice(0, most);

/** What the rest of the page says. */
function knownOf(root: SearchRoot): string[] {
  const text = normalizeText(("body" in root ? root.body : root).textContent).slice(0, 20_000);
  return spread([...new Set(words(text))].filter((word) => word.length > 3 && word.length < 30 && !word.includes("#")), 8);
}

/** Selectors that find it alone: by what lasts, and by its place. */
function selectorsOf(element: Element, fingerprint: Fingerprint, root: ParentNode): string[] {
  const alone = (selector: string): boolean => root.querySelectorAll(selector).length === 1 && root.querySelector(selector) === element;
  const own = ownSelectors(element, fingerprint);
  const within = [...ancestorsOf(element, 8)].flatMap((each) => (lastingId(each.id) ? ["#" + CSS.escape(each.id)] : names(each).slice(0, 1).map((name) => "." + CSS.escape(name))));
  const stable = own.find(alone) ?? within.flatMap((up) => own.map((one) => up + " " + one)).find(alone);
  const place = structural(element, within, alone);
  return [stable, place].filter((each): each is string => !!each && each.length < 300).slice(0, 2);
}

function ownSelectors(element: Element, fingerprint: Fingerprint): string[] {
  const quoted = (name: string): string => `[${name}="${CSS.escape(element.getAttribute(name)!)}"]`;
  const worn = Object.keys(fingerprint.classes).map((name) => "." + CSS.escape(name));
  return [
    ...ATTRIBUTES[2]!.filter((name) => element.getAttribute(name)).map(quoted),
    ...(fingerprint.id ? ["#" + CSS.escape(fingerprint.id)] : []),
    ...["name", "aria-label", "href", "placeholder", "title", "data-action", "data-widget"].filter((name) => fingerprint.attributes[name]?.[1] === element.getAttribute(name)?.toLowerCase()).map((name) => element.localName + quoted(name)),
    ...worn.map((name) => element.localName + name),
    ...(worn.length ? [element.localName + worn.join("")] : []),
    element.localName,
  ];
}

function structural(element: Element, within: string[], alone: (selector: string) => boolean): string | undefined {
  let path = "";
  for (const each of [element, ...ancestorsOf(element, 8)]) {
    const nth = [...each.parentNode!.children].filter((other) => other.localName === each.localName).indexOf(each) + 1;
    path = `${each.localName}:nth-of-type(${nth})${path && ">" + path}`;
    if (alone(path)) return path;
    const up = within.find((one) => alone(`${one} ${path}`));
    if (up) return `${up} ${path}`;
  }
  return undefined;
}

/** The way to the shadow root or frame that it is in: a selector for each host. */
function withinOf(element: Element): string[] {
  const root = element.getRootNode() as SearchRoot;
  const host = (root as ShadowRoot).host ?? (root === document ? null : element.ownerDocument.defaultView?.frameElement);
  return host ? [...withinOf(host), selectorsOf(host, read(host), host.getRootNode() as SearchRoot)[0] ?? host.localName] : [];
}

/** How well each feature tells it apart: own ones from all of its sort, those around it from its likes. */
function powerOf(fingerprint: Fingerprint, own: Value[][], context: Value[][], size: number): string {
  return Array.from({ length: ALL }, (_, k) => {
    if (!isKnown(fingerprint, k)) return 0;
    const others = k < OWN ? own : context;
    const many = others.filter((values) => (values[k < OWN ? k : k - OWN] ?? 0) > 0.85).length + 1;
    const power = k < OWN ? Math.log(size / many) / Math.log(size) : 1 - 0.7 * ((many - 1) / Math.max(others.length, 1));
    return Math.max(1, Math.min(9, Math.round(9 * power)));
  }).join("");
}

function isKnown(fingerprint: Fingerprint, feature: number): boolean {
  const { id, text, label, classes, icon: sign, nearby_text: near, heading, selectors } = fingerprint;
  if (ATTRIBUTES[feature]) return Object.values(fingerprint.attributes).some(([of]) => of === feature);
  const values: Record<number, unknown> = { 1: id, 4: text, 5: label, 9: Object.keys(classes).length, 10: sign, 11: near.length, 12: heading, 16: selectors.length };
  return !(feature in values) || !!values[feature];
}

interface Other {
  each: Element;
  own: Value[];
  like: number;
}

/** All others of its sort, the most alike first. */
function othersOf(fingerprint: Fingerprint, element: Element, root: SearchRoot, survey: PageSurvey): Other[] {
  const self = ownOf(fingerprint, element, survey).map((value) => (value ?? 0) > 0);
  const known = Math.max(1, self.filter(Boolean).length);
  const like = (own: Value[]): number => own.reduce<number>((sum, value, k) => sum + (self[k] ? (value ?? 0) : 0), 0) / known;
  const others = [...candidatesOf(fingerprint, root)].filter((each) => each !== element);
  return others.map((each) => ({ each, own: ownOf(fingerprint, each, survey) })).map((one) => ({ ...one, like: like(one.own) })).sort((a, b) => b.like - a.like);
}

/** What to store of an element, and how well it will be found again. */
export function capture(element: Element): Captured {
  const root = element.getRootNode() as SearchRoot;
  const fingerprint = read(element);
  const others = othersOf(fingerprint, element, root, surveyPage(fingerprint, root));
  const likes = others.filter(({ like }) => like > LIKE).slice(0, 30).map(({ each }) => each);
  Object.assign(fingerprint, nearOf(element, likes.filter((like) => !like.contains(element) && !element.contains(like))));
  fingerprint.selectors = selectorsOf(element, fingerprint, root);
  fingerprint.page_words = knownOf(root);
  fingerprint.roots = withinOf(element);
  fingerprint.ids = spread([...root.querySelectorAll("[id]")].map(({ id }) => lastingId(id)).filter((id) => id && id !== element.id), 6);
  const twins = others.filter(({ like }) => like > 0.97).length;
  const nearest = others.slice(0, Math.min(Math.max(twins, 8), 30)).map(({ each }) => each);
  const around = surveyPage(fingerprint, root);
  const context = nearest.map((each) => contextOf(fingerprint, each, [element, ...nearest], around));
  fingerprint.weights = powerOf(fingerprint, others.map(({ own }) => own), context, others.length + 2);
  verify(fingerprint, element, root);
  const found = resolve(fingerprint);
  return { fingerprint, found, quality: qualityOf(found, element, fingerprint) };
}

/** How many the search takes for the same, here and now; words around it that do not serve the search are dropped. */
function verify(fingerprint: Fingerprint, element: Element, root: SearchRoot): void {
  const { elements, values, power, now, ranks } = runToEnd(measure(fingerprint, root));
  const self = values[elements.indexOf(element)];
  fingerprint.position = ranks[elements.indexOf(element)] ?? [];
  const score = self ? rate(self, power, 0, OWN) : 1;
  const near = self?.[NEAR];
  if (near === undefined || (near !== null && near < 0.9)) {
    fingerprint.nearby_text = [];
    fingerprint.weights = fingerprint.weights.slice(0, NEAR) + "0" + fingerprint.weights.slice(NEAR + 1);
  }
  const twins = values.filter((each) => each !== self && rate(each, power, 0, OWN) > score - TWIN);
  const isBlind = (each: readonly Value[]): boolean => each.every((value, k) => k < NEAR || k > BESIDE || fingerprint.weights[k] === "0" || value === null || value > 0.9);
  fingerprint.duplicates = [now, twins.filter(isBlind).length];
}

function qualityOf(found: MatchResult, element: Element, fingerprint: Fingerprint): Quality {
  if (found.element !== element) return "lost";
  return fingerprint.duplicates[0] === 1 && (found.path === "fast" || found.margin > 0.2) ? "strong" : "check";
}
