/** Draws plain paragraphs; the richtext chunk draws every other document. */

import type { Inline, RichText } from "bodies";
import { el, safeDocument } from "../ui/dom";

/** Draws the paragraphs of a document as text and line breaks. */
export function plainText({ content = [] }: RichText): DocumentFragment {
  const drawn = safeDocument.createDocumentFragment();
  for (const block of content) if (block.type === "paragraph") drawn.append(el("p", null, ...block.content.map(drawLeaf)));
  return drawn;
}

const drawLeaf = (node: Inline): Node | string => (node.type === "break" ? el("br") : node.type === "text" ? `${node.text}` : "");
