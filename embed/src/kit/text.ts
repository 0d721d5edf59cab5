/** Draws the tree of rich text as nodes: elements from one table, words as text, addresses checked again; no HTML is ever parsed. */

export type Mark = { type: "bold" } | { type: "italic" } | { type: "code" } | { type: "key" } | { type: "link"; href: string };
export type Inline =
  | { type: "text"; text: string; marks?: Mark[] }
  | { type: "person"; attribute: string; fallback?: string }
  | { type: "break" };
export type Item = { type: "item"; content?: Block[] };
export type Block =
  | { type: "paragraph"; content?: Inline[] }
  | { type: "heading"; level: 2 | 3 | 4; content?: Inline[] }
  | { type: "list"; ordered?: boolean; start?: number; content?: Item[] }
  | { type: "quote"; content?: Block[] }
  | { type: "callout"; tone: "note" | "tip" | "warning"; content?: Block[] }
  | { type: "code"; language?: string; text?: string }
  | { type: "image"; src: string; alt?: string; width?: number | null; height?: number | null }
  | { type: "divider" };
export type Doc = { type: "doc"; content?: Block[] };

/** A node as it may really arrive: any type, any value. */
type Raw = Record<string, unknown>;
type Drawn = (Node | string)[];

/** What one drawing shares: for whom, with what, and how many nodes it may still draw. */
interface Pen {
  readonly document: Document;
  readonly person: Raw;
  left: number;
}

const MOST_NODES = 2000;
const MOST_DEPTH = 16;
const MARKS: Record<string, string> = { link: "a", bold: "strong", italic: "em", key: "kbd", code: "code" };
const ORDER = Object.keys(MARKS);
const TONES = ["note", "tip", "warning"];

/** The document as nodes, for one person; whatever is not of the closed list draws nothing. */
export function renderText(doc: Doc, person: Record<string, unknown> | null | undefined, document: Document): DocumentFragment {
  const drawn = document.createDocumentFragment();
  drawn.append(...blocks({ document, person: person ?? {}, left: MOST_NODES }, doc, 0));
  return drawn;
}

function el(pen: Pen, tag: string, attributes: Record<string, string | number | null>, inner: Drawn = []): HTMLElement {
  const element = pen.document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, String(value));
  element.append(...inner);
  return element;
}

/** The nodes within a node, as long as there is room for more. */
function list(pen: Pen, node: Raw): Raw[] {
  const content = get(node, "content");
  return Array.isArray(content) ? content.filter((each) => each && typeof each === "object" && pen.left-- > 0) : [];
}

function blocks(pen: Pen, node: Raw, depth: number): Node[] {
  return depth > MOST_DEPTH ? [] : list(pen, node).flatMap((each) => block(pen, each, depth) ?? []);
}

function block(pen: Pen, node: Raw, depth: number): Node | null {
  switch (get(node, "type")) {
    case "paragraph":
      return el(pen, "p", {}, inlines(pen, list(pen, node)));
    case "heading":
      return el(pen, `h${number(node, "level", 2, 4) ?? 4}`, {}, inlines(pen, list(pen, node)));
    case "list":
      return listed(pen, node, depth + 1);
    case "quote":
      return el(pen, "blockquote", {}, blocks(pen, node, depth + 1));
    case "callout":
      return el(pen, "div", { class: `callout ${tone(node)}`, role: "note" }, blocks(pen, node, depth + 1));
    case "code":
      return el(pen, "pre", {}, [el(pen, "code", { "data-language": string(node, "language") || null }, [string(node, "text")])]);
    case "image":
      return pictured(pen, node);
    case "divider":
      return el(pen, "hr", {});
  }
  return null;
}

function listed(pen: Pen, node: Raw, depth: number): Node {
  const start = number(node, "start", 0, 1e6);
  const items = list(pen, node).flatMap((item) => (get(item, "type") === "item" ? el(pen, "li", {}, blocks(pen, item, depth + 1)) : []));
  return get(node, "ordered") === true ? el(pen, "ol", { start: start === 1 ? null : start }, items) : el(pen, "ul", {}, items);
}

/** The address comes last: how it is to be loaded must be known before the loading starts. */
function pictured(pen: Pen, node: Raw): Node | null {
  const src = string(node, "src");
  const [width, height] = [number(node, "width", 1, 2000), number(node, "height", 1, 2000)];
  const shown = { loading: "lazy", referrerpolicy: "no-referrer", alt: string(node, "alt"), width, height, src };
  return isImage(src) ? el(pen, "img", shown) : null;
}

/** A sentence; neighbours with the same mark share one element, so a link across bold words stays one link. */
function inlines(pen: Pen, nodes: Raw[], depth = 0): Drawn {
  const drawn: Drawn = [];
  for (let at = 0; at < nodes.length; ) {
    const [type, href] = markAt(nodes[at]!, depth);
    const run = [nodes[at++]!];
    while (type && at < nodes.length && String(markAt(nodes[at]!, depth)) === String([type, href])) run.push(nodes[at++]!);
    drawn.push(...(type ? marked(pen, type, href, inlines(pen, run, depth + 1)) : leaf(pen, run[0]!)));
  }
  return drawn;
}

function marked(pen: Pen, type: string, href: string, inner: Drawn): Drawn {
  if (type !== "link") return [el(pen, MARKS[type]!, {}, inner)];
  return isLink(href) ? [el(pen, "a", { href, target: "_blank", rel: "noopener noreferrer" }, inner)] : inner;
}

function leaf(pen: Pen, node: Raw): Drawn {
  switch (get(node, "type")) {
    case "text":
      return [string(node, "text")];
    case "person":
      return [said(node, pen.person)];
    case "break":
      return [el(pen, "br", {})];
  }
  return [];
}

/** Whether a browser takes it to a page, a mail or a call, and nowhere else; guides/addresses.py refuses the same. */
export function isLink(address: string): boolean {
  if (DOUBTFUL.test(address)) return false;
  return /^(#|\/(?!\/))/.test(address) || DIRECT.test(address) || !!absolute(address);
}

/** Whether a browser loads it over https, or from this very machine. */
export function isImage(address: string): boolean {
  if (DOUBTFUL.test(address)) return false;
  const url = absolute(address);
  return url?.protocol === "https:" || (url?.protocol === "http:" && /^(localhost|127\.[\d.]+|\[::1\])$/.test(url.hostname));
}

/** Spaces, controls, backslashes and letters that cannot be seen. */
const DOUBTFUL = /[\x00-\x20\x7f-\xa0\\\u2000-\u200f\u2028-\u202f\u2060\u3000\ufeff\ud800-\udfff]/u;
const ABSOLUTE = /^https?:\/\/([\w-]+(\.[\w-]+)*\.?|\[[\da-f:]+\])(:\d+)?([/?#]|$)/i;
const DIRECT = /^(mailto|tel):[^/]/i;

/** An address of a page, when the browser itself reads it as it is written. */
function absolute(address: string): URL | null {
  try {
    const url = new URL(address);
    return ABSOLUTE.test(address) && address.toLowerCase().startsWith(`${url.protocol}//${url.host}`) ? url : null;
  } catch {
    return null;
  }
}

/** What a variable becomes: the person's own attribute as text, taken as it is, or the fallback. */
function said(node: Raw, person: Raw): string {
  const held = get(person, string(node, "attribute"));
  return (typeof held === "number" && Number.isFinite(held) ? String(held) : typeof held === "string" && held) || string(node, "fallback");
}

/** The mark at this depth and where it leads, links outermost; each mark counts once. */
function markAt(node: Raw, depth: number): [string, string] {
  const marks = get(node, "type") === "text" && get(node, "marks");
  const held = (Array.isArray(marks) ? marks : []).filter((mark) => mark && typeof mark === "object") as Raw[];
  const sorted = ORDER.flatMap((type) => held.filter((mark) => get(mark, "type") === type).slice(0, 1));
  const mark = sorted[depth];
  return mark ? [string(mark, "type"), string(mark, "href")] : ["", ""];
}

const tone = (node: Raw): string => TONES.find((each) => each === get(node, "tone")) ?? "note";

const get = (node: Raw, key: string): unknown => (Object.hasOwn(node, key) ? node[key] : undefined);

const string = (node: Raw, key: string): string => {
  const value = get(node, key);
  return typeof value === "string" ? value : "";
};

const number = (node: Raw, key: string, least: number, most: number): number | null => {
  const value = get(node, key);
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most ? (value as number) : null;
};
