/**
 * The operators: what releases do to a page. Each gets a fresh page, the target in it, and chance.
 * Some trials cannot be decided by anybody: a sign without words, a copy of it put before it. They stay in, so no engine gets all of it right.
 */

import { Chance } from "./chance";
import { editWords, otherWords, pieces, replaceWords, translate } from "./words";

export type Operator = (target: Element, chance: Chance) => void;

const all = (): Element[] => [...document.body.querySelectorAll("*")];
const hash = (text: string): string => (Array.from(text).reduce((sum, letter) => (Math.imul(sum, 33) + letter.charCodeAt(0)) | 0, 5381) >>> 0).toString(36);

/** The ancestors below the body, the nearest first. */
function above(element: Element): Element[] {
  const found: Element[] = [];
  for (let up = element.parentElement; up && up !== document.body; up = up.parentElement) found.push(up);
  return found;
}

function renameClasses(chance: Chance, share: number): void {
  const names = new Map<string, string>();
  for (const element of all()) {
    const renamed = [...element.classList].map((name) => {
      if (!names.has(name)) names.set(name, chance.happens(share) ? "_" + hash(name + "next") : name);
      return names.get(name)!;
    });
    if (renamed.length) element.setAttribute("class", renamed.join(" "));
  }
}

const UTILITY = /^(m|p)[tblrxyse]?-\d|^(text|bg|border|rounded|shadow|d|flex|align|justify|col|w|h|float|order|font|fw|fs|g|gap|ml|mr|pl|pr)-/;
const STATES = ["active", "is-open", "hover", "focus", "selected", "is-active"];

function churnUtilities(_: Element, chance: Chance): void {
  for (const element of all()) {
    for (const name of [...element.classList]) if (UTILITY.test(name) && !name.startsWith("d-") && chance.happens(0.4)) element.classList.remove(name);
    if (element.classList.length && chance.happens(0.3)) element.classList.add(chance.one(["mb-2", "px-3", "text-muted", "rounded-1", "gap-2", "w-auto"]));
  }
}

function changeStates(target: Element, chance: Chance): void {
  for (const element of [target, ...chance.some(all(), Math.ceil(all().length / 5))]) {
    const had = STATES.filter((name) => element.classList.contains(name));
    if (had.length) element.classList.remove(...had);
    else element.classList.add(chance.one(STATES));
  }
}

const POINTING = ["for", "aria-controls", "aria-labelledby", "aria-describedby", "list"];

function regenerateIds(_: Element, chance: Chance): void {
  const names = new Map<string, string>();
  for (const element of all()) {
    if (!element.id) continue;
    names.set(element.id, `r${chance.number(1000, 9999)}-${hash(element.id)}`);
    element.id = names.get(element.id)!;
  }
  for (const element of all()) {
    for (const name of POINTING) if (names.has(element.getAttribute(name) ?? "")) element.setAttribute(name, names.get(element.getAttribute(name)!)!);
    for (const name of ["href", "data-target", "data-bs-target"]) {
      const to = element.getAttribute(name);
      if (to?.startsWith("#") && names.has(to.slice(1))) element.setAttribute(name, "#" + names.get(to.slice(1))!);
    }
  }
}

const STRICT = /^(tr|td|th|thead|tbody|tfoot|table|ul|ol|dl|select|option|optgroup|svg|g|path|use)$/;

/** A box more around the target or what it stands in, twice. */
function wrapAncestors(target: Element, chance: Chance): void {
  const able = [target, ...above(target).slice(0, 5)].filter((each) => !STRICT.test(each.parentElement!.localName) && each.localName !== "li" && !STRICT.test(each.localName));
  for (const each of chance.some(able, 2)) {
    const box = document.createElement("div");
    if (chance.happens(0.5)) box.className = "wrap-" + chance.one(["inner", "outer", "group", "area"]);
    each.replaceWith(box);
    box.append(each);
  }
}

function unwrap(target: Element, chance: Chance): void {
  const able = above(target).slice(0, 5).filter((each) => /^(div|span|section|article|main|p|form|nav)$/.test(each.localName));
  const gone = able.length && chance.one(able);
  if (gone) gone.replaceWith(...gone.childNodes);
}

/** The target's item in a list of its like: a lone link stands for its entry. */
function itemOf(target: Element): Element {
  const { parentElement } = target;
  return parentElement && /^(li|td|dd)$/.test(parentElement.localName) && parentElement.childElementCount === 1 ? parentElement : target;
}

const NAMING = ["id", "name", "href", "for", "aria-label", "title", "placeholder", "value", "data-target", "data-bs-target", "aria-controls"];

/** Another one that looks the same, for another purpose. */
function another(like: Element, chance: Chance): Element {
  const made = like.cloneNode(true) as Element;
  for (const each of [made, ...made.querySelectorAll("*")]) {
    each.removeAttribute("id");
    for (const name of NAMING) if (each.getAttribute(name) && !/^(#|javascript:.*)?$/.test(each.getAttribute(name)!)) each.setAttribute(name, otherWords(chance, 1).toLowerCase());
  }
  for (const piece of pieces(made)) piece.data = otherWords(chance, Math.min(piece.data.trim().split(/\s+/).length, 4));
  const icon = made.querySelector("i,svg,img");
  if (icon?.localName === "i" && chance.happens(0.5)) icon.setAttribute("class", icon.getAttribute("class")?.replace(/\S+$/, "icon-" + otherWords(chance, 1).toLowerCase()) ?? "");
  return made;
}

function insertSiblings(target: Element, chance: Chance): void {
  const item = itemOf(target);
  for (let i = chance.number(1, 2); i; i--) item.before(another(item, chance));
  if (chance.happens(0.5)) item.after(another(item, chance));
  const up = chance.one(above(item).slice(0, 3).concat(item));
  const like = up !== item && up.previousElementSibling;
  if (like) up.before(another(like, chance));
}

function removeSiblings(target: Element, chance: Chance): void {
  for (const level of [target, ...above(target).slice(0, 2)]) {
    const siblings = [...level.parentElement!.children].filter((each) => each !== level);
    for (const gone of chance.some(siblings, chance.number(1, 3))) if (siblings.length > 1 || level === target) gone.remove();
  }
}

/** Children in another order; identical ones change nothing by changing places, so they keep theirs. */
function reorder(target: Element, chance: Chance): void {
  const levels = [target, ...above(target)].filter((each) => each.parentElement!.childElementCount > 1);
  for (const { parentElement } of [...levels.slice(0, 1), ...chance.some(levels.slice(1, 4), 1)]) shuffle(parentElement!, chance);
}

function shuffle(parent: Element, chance: Chance): void {
  const before = [...parent.children];
  const after = chance.shuffled(before);
  if (after.every((each, i) => each === before[i])) after.reverse();
  const same = new Map<string, Element[]>();
  for (const each of before) same.set(each.outerHTML, [...(same.get(each.outerHTML) ?? []), each]);
  for (const each of after) parent.append(same.get(each.outerHTML)!.shift()!);
}

const CHURNED = /^(data-(?!test)|aria-(?!label)|style$|tabindex$|role$|rel$|target$|type$|autocomplete$|width$|height$)/;

function churnAttributes(_: Element, chance: Chance): void {
  for (const element of all()) {
    for (const { name, value } of [...element.attributes]) {
      if (name === "type" && element.localName === "input") continue;
      if (CHURNED.test(name) && chance.happens(0.4)) element.removeAttribute(name);
      else if (name === "href" && value.length > 1 && !value.startsWith("#") && chance.happens(0.3)) element.setAttribute(name, value + "?v=" + chance.number(2, 99));
    }
    if (chance.happens(0.2)) element.setAttribute("data-" + otherWords(chance, 1).toLowerCase(), String(chance.number(1, 999)));
  }
}

const SWAPS: Record<string, string[]> = { a: ["button"], button: ["a"], h1: ["h2"], h2: ["h3"], h3: ["h2", "h4"], h4: ["h3", "h5"], h5: ["h4", "h6"], h6: ["h5"], div: ["section", "article"], section: ["div"], article: ["div"], span: ["div"], p: ["div"], label: ["span"], i: ["span"], nav: ["div"] };

function swapTag(element: Element, chance: Chance): void {
  const to = SWAPS[element.localName];
  if (!to) return;
  const made = document.createElement(chance.one(to));
  for (const { name, value } of [...element.attributes]) if (!(element.localName === "a" && name === "href")) made.setAttribute(name, value);
  made.append(...element.childNodes);
  moveTruth(element, made);
  element.replaceWith(made);
}

const truths = new WeakMap<Element, Element>();
const moveTruth = (from: Element, to: Element): void => void truths.set(from, to);

/** The element that is the target after all that happened. */
export const truthOf = (target: Element): Element => (truths.has(target) ? truthOf(truths.get(target)!) : target);

function swapTags(target: Element, chance: Chance): void {
  if (chance.happens(0.5)) for (const each of chance.some(above(target).slice(0, 4), 2)) swapTag(each, chance);
  swapTag(target, chance);
}

/** The menu for small screens: there, but not to be seen. */
function hiddenDuplicate(target: Element, chance: Chance): void {
  const region = chance.one([target, ...above(target).slice(0, 2)].filter((each) => !/^(tr|td|th|tbody|thead|option)$/.test(each.localName)).concat(itemOf(target)));
  const copy = region.cloneNode(true) as HTMLElement;
  copy.style.setProperty("display", "none", "important");
  region.before(copy);
}

/** What the target stands in goes to another place on the page. */
function moveRegion(target: Element, chance: Chance): void {
  const regions = [itemOf(target), ...above(target).slice(0, 4)].filter((each) => !STRICT.test(each.localName));
  if (!regions.length) return;
  const region = chance.one(regions);
  const places = all().filter((each) => !region.contains(each) && !each.contains(region) && each !== region.nextElementSibling && /^(div|section|form|nav|ul|main|aside|header|footer)$/.test(each.localName) && !each.closest("svg,table,select") && each.getClientRects().length);
  if (places.length) chance.one(places).before(region);
}

/** Other records in every list and table; the target's own record stays, with others before it. */
function refreshLists(target: Element, chance: Chance): void {
  for (const list of document.querySelectorAll("tbody,ul,ol,.list-group,.row")) {
    const rows = [...list.children];
    if (rows.length < 3 || rows.some((row) => row.localName !== rows[0]!.localName || row.className !== rows[0]!.className)) continue;
    const own = rows.find((row) => row.contains(target));
    if (list.localName !== "tbody" && own && !pieces(own).some((piece) => !target.contains(piece))) continue;
    for (const row of rows) if (row !== own && list.localName === "tbody" && chance.happens(0.7)) replaceWords(row, chance);
    if (own && chance.happens(0.7)) own.before(another(chance.one(rows), chance));
  }
}

function remove(target: Element, chance: Chance): void {
  const item = itemOf(target);
  (chance.happens(0.5) ? item : target).remove();
}

/** In their order they can follow one another on the same page. */
const RELEASES: [string, Operator][] = [
  ["class-rehash-30%", (_, chance) => renameClasses(chance, 0.3)],
  ["utility-churn", churnUtilities],
  ["state-classes", changeStates],
  ["ids-regenerated", regenerateIds],
  ["wrap-ancestors", wrapAncestors],
  ["unwrap", unwrap],
  ["insert-siblings", insertSiblings],
  ["remove-siblings", removeSiblings],
  ["reorder", reorder],
  ["text-edit", editWords],
  ["attr-churn", churnAttributes],
  ["hidden-duplicate", hiddenDuplicate],
  ["list-refresh", refreshLists],
  ["tag-swap", swapTags],
];

/** Four of them at once. */
function release(target: Element, chance: Chance): void {
  for (const [, operator] of chance.some(RELEASES, 4)) operator(truthOf(target), chance);
}

function removeAndRedesign(target: Element, chance: Chance): void {
  const operators = chance.some(RELEASES.slice(0, 9), 3);
  for (const [, operator] of operators) operator(truthOf(target), chance);
  remove(truthOf(target), chance);
}

export const OPERATORS: Record<string, Operator> = {
  none: () => undefined,
  "class-rehash-all": (_, chance) => renameClasses(chance, 1),
  ...Object.fromEntries(RELEASES),
  "text-replaced": replaceWords,
  "translate-page": () => translate(document.body),
  "move-region": moveRegion,
  removed: remove,
  "removed-redesign": removeAndRedesign,
  release,
};

/** After these there is nothing to be found. */
export const GONE = new Set(["removed", "removed-redesign"]);
