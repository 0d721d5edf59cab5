/** Draws the tree of rich text as nodes: words as text, addresses checked again; no HTML is ever parsed. Loaded with the first document that is more than plain paragraphs. */

import { isLink, linked, more } from "./blocks";
import css from "./richtext.css";
import type { Doc } from "./plain";

export { css };
export { act } from "../stage/actions";
export { isImage, isLink } from "./blocks";

/** A node as it may really arrive: any type, any value. */
export type Raw = Record<string, unknown>;
export type Drawn = (Node | string)[];

/** What one drawing shares: for whom, with what, and how many nodes it may still draw. */
export interface Pen {
  readonly document: Document;
  readonly person: Raw;
  left: number;
}

/** Draws one block; what it holds is that much deeper. */
export type Draw = (pen: Pen, node: Raw, depth: number) => Node | null;

const MOST_NODES = 2000;
const MOST_DEPTH = 16;
const MARKS: Record<string, string> = { link: "a", bold: "strong", italic: "em", key: "kbd", code: "code" };

const draws: Record<string, Draw> = Object.assign(Object.create(null), {
  paragraph: (pen: Pen, node: Raw) => el(pen, "p", {}, inlines(pen, list(pen, node))),
  heading: (pen: Pen, node: Raw) => el(pen, `h${number(node, "level", 2, 4) ?? 4}`, {}, inlines(pen, list(pen, node))),
  list(pen: Pen, node: Raw, depth: number) {
    const start = number(node, "start", 0, 1e6);
    const items = within(pen, node, "item", "li", depth);
    return get(node, "ordered") === true ? el(pen, "ol", { start: start === 1 ? null : start }, items) : el(pen, "ul", {}, items);
  },
  ...more,
});

/** The document as nodes, for one person; whatever is not of the closed list draws nothing. */
export function renderText(doc: Doc, person: Record<string, unknown> | null | undefined, document: Document): DocumentFragment {
  const drawn = document.createDocumentFragment();
  drawn.append(...blocks({ document, person: person ?? {}, left: MOST_NODES }, doc, 0));
  return drawn;
}

export function el(pen: Pen, tag: string, attributes: Record<string, string | number | null>, inner: Drawn = []): HTMLElement {
  const element = pen.document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, String(value));
  element.append(...inner);
  return element;
}

/** The nodes within a node, as long as there is room for more. */
export function list(pen: Pen, node: Raw): Raw[] {
  const content = get(node, "content");
  return Array.isArray(content) ? content.filter((each) => each && typeof each === "object" && pen.left-- > 0) : [];
}

export function blocks(pen: Pen, node: Raw, depth: number): Node[] {
  return depth > MOST_DEPTH ? [] : list(pen, node).flatMap((each) => draws[string(each, "type")]?.(pen, each, depth) ?? []);
}

/** The parts of one type within a block, each with the blocks it holds. */
export function within(pen: Pen, node: Raw, type: string, tag: string, depth: number, attributes = {}): Node[] {
  return list(pen, node).flatMap((each) => (get(each, "type") === type ? el(pen, tag, attributes, blocks(pen, each, depth + 2)) : []));
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
  return isLink(href) ? [linked(pen, href, inner)] : inner;
}

function leaf(pen: Pen, node: Raw): Drawn {
  const type = get(node, "type");
  return type === "text" ? [string(node, "text")] : type === "person" ? [said(node, pen.person)] : type === "break" ? [el(pen, "br", {})] : [];
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
  const sorted = Object.keys(MARKS).flatMap((type) => held.filter((mark) => get(mark, "type") === type).slice(0, 1));
  const mark = sorted[depth];
  return mark ? [string(mark, "type"), string(mark, "href")] : ["", ""];
}

export const get = (node: Raw, key: string): unknown => (Object.hasOwn(node, key) ? node[key] : undefined);

export const string = (node: Raw, key: string): string => {
  const value = get(node, key);
  return typeof value === "string" ? value : "";
};

export const number = (node: Raw, key: string, least: number, most: number): number | null => {
  const value = get(node, key);
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most ? (value as number) : null;
};
