/** Draws plain paragraphs; any other document is drawn by ./rich. */

import { el, paper } from "../ui/dom";

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
  | { type: "divider" }
  | { type: "table"; header?: boolean; content?: { type: "row"; content?: { type: "cell"; content?: Block[] }[] }[] }
  | { type: "video"; provider: "youtube" | "vimeo" | "loom"; id: string; title?: string }
  | { type: "columns"; content?: { type: "column"; content?: Block[] }[] }
  | { type: "buttons"; content?: { type: "button"; label: string; href: string; look?: "main" | "plain" }[] };
export type Doc = { type: "doc"; content?: Block[] };

const get = (node: unknown, key: string): unknown => (node && Object.hasOwn(node, key) ? (node as Record<string, unknown>)[key] : undefined);
const list = (node: unknown): unknown[] => [get(node, "content") ?? []].flat().slice(0, 200);

/** The document as nodes, for one person. */
export function plainText(doc: Doc, person: object): DocumentFragment {
  const drawn = paper.createDocumentFragment();
  for (const block of list(doc)) if (get(block, "type") === "paragraph") drawn.append(el("p", null, ...list(block).map((node) => leaf(node, person))));
  return drawn;
}

function leaf(node: unknown, person: object): Node | string {
  const type = get(node, "type");
  if (type === "break") return el("br");
  const words = type === "text" ? get(node, "text") : type === "person" && (get(person, get(node, "attribute") as string) || get(node, "fallback"));
  return typeof words === "string" || Number.isFinite(words) ? `${words}` : "";
}
