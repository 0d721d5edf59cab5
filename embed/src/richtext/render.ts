/** Draws rich text as nodes: text as text, addresses checked again, no HTML parsed. Loaded with the first document that is more than plain paragraphs. */

import type { RichText } from "bodies";
import { blockDraws } from "./blocks";
import { isLink, drawLink } from "./links";
import { drawBlocks, type Draw, type Drawn, el, get, contentOf, getNumber, type Pen, type Raw, getString, drawParts } from "./pen";
import css from "./richtext.css";

export { css };

const MOST_NODES = 2000;
const MARKS: Record<string, string> = { link: "a", bold: "strong", italic: "em", key: "kbd", code: "code" };

const draws: Record<string, Draw> = Object.assign(Object.create(null), {
  paragraph: (pen: Pen, node: Raw) => el(pen, "p", {}, drawInlines(pen, contentOf(pen, node))),
  heading: (pen: Pen, node: Raw) => el(pen, `h${getNumber(node, "level", 2, 4) ?? 4}`, {}, drawInlines(pen, contentOf(pen, node))),
  list(pen: Pen, node: Raw, depth: number) {
    const start = getNumber(node, "start", 0, 1e6);
    const items = drawParts(pen, node, "item", "li", depth);
    return get(node, "ordered") === true ? el(pen, "ol", { start: start === 1 ? null : start }, items) : el(pen, "ul", {}, items);
  },
  ...blockDraws,
});

/** Draws a document for one person; unknown nodes draw nothing. */
export function renderText(doc: RichText, person: Record<string, unknown> | null | undefined, document: Document): DocumentFragment {
  const drawn = document.createDocumentFragment();
  drawn.append(...drawBlocks({ document, person: person ?? {}, nodesLeft: MOST_NODES, draws }, doc as unknown as Raw, 0));
  return drawn;
}

/** Draws inline nodes; neighbors with the same mark share one element, so that a link across bold words stays one link. */
function drawInlines(pen: Pen, nodes: Raw[], depth = 0): Drawn {
  const drawn: Drawn = [];
  for (let at = 0; at < nodes.length; ) {
    const [type, href] = markAt(nodes[at]!, depth);
    const run = [nodes[at++]!];
    while (type && at < nodes.length && String(markAt(nodes[at]!, depth)) === String([type, href])) run.push(nodes[at++]!);
    drawn.push(...(type ? drawMark(pen, type, href, drawInlines(pen, run, depth + 1)) : drawLeaf(pen, run[0]!)));
  }
  return drawn;
}

function drawMark(pen: Pen, type: string, href: string, inner: Drawn): Drawn {
  if (type !== "link") return [el(pen, MARKS[type]!, {}, inner)];
  return isLink(href) ? [drawLink(pen, href, inner)] : inner;
}

function drawLeaf(pen: Pen, node: Raw): Drawn {
  const type = get(node, "type");
  return type === "text" ? [getString(node, "text")] : type === "person" ? [personText(node, pen.person)] : type === "break" ? [el(pen, "br", {})] : [];
}

/** The text of a variable: the person's attribute, or the fallback. */
function personText(node: Raw, person: Raw): string {
  const held = get(person, getString(node, "attribute"));
  return (typeof held === "number" && Number.isFinite(held) ? String(held) : typeof held === "string" && held) || getString(node, "fallback");
}

/** The mark at this depth and its href; links are outermost, each mark counts once. */
function markAt(node: Raw, depth: number): [string, string] {
  const marks = get(node, "type") === "text" && get(node, "marks");
  const held = (Array.isArray(marks) ? marks : []).filter((mark) => mark && typeof mark === "object") as Raw[];
  const sorted = Object.keys(MARKS).flatMap((type) => held.filter((mark) => get(mark, "type") === type).slice(0, 1));
  const mark = sorted[depth];
  return mark ? [getString(mark, "type"), getString(mark, "href")] : ["", ""];
}
