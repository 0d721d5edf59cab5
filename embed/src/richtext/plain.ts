/** Draws plain paragraphs; the richtext chunk draws every other document. */

import type { RichText } from "bodies";
import { el, safeDocument } from "../ui/dom";

const get = (node: unknown, key: string): unknown => (node && Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined);
const list = (node: unknown): unknown[] => [get(node, "content") ?? []].flat().slice(0, 200);

/** Draws a document for one person. */
export function plainText(doc: RichText, person: object): DocumentFragment {
  const drawn = safeDocument.createDocumentFragment();
  for (const block of list(doc)) if (get(block, "type") === "paragraph") drawn.append(el("p", null, ...list(block).map((node) => drawLeaf(node, person))));
  return drawn;
}

function drawLeaf(node: unknown, person: object): Node | string {
  const type = get(node, "type");
  if (type === "break") return el("br");
  const words = type === "text" ? get(node, "text") : type === "person" && (get(person, get(node, "attribute") as string) || get(node, "fallback"));
  return typeof words === "string" || Number.isFinite(words) ? `${words}` : "";
}
