/** Draws the tree of rich text as nodes: words as text, addresses checked again; no HTML is ever parsed. Loaded with the first document that is more than plain paragraphs. */

import type { RichText } from "bodies";
import { more } from "./blocks";
import { isLink, linked } from "./links";
import { blocks, type Draw, type Drawn, el, get, list, number, type Pen, type Raw, string, within } from "./pen";
import css from "./richtext.css";

export { css };

const MOST_NODES = 2000;
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
export function renderText(doc: RichText, person: Record<string, unknown> | null | undefined, document: Document): DocumentFragment {
  const drawn = document.createDocumentFragment();
  drawn.append(...blocks({ document, person: person ?? {}, left: MOST_NODES, draws }, doc as unknown as Raw, 0));
  return drawn;
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
