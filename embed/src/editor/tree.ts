// Between the stored tree of rich text and the editor's own JSON; one node for one node, both ways.

export interface Tree {
  type: string;
  content?: Tree[];
  text?: string;
  marks?: Mark[];
  [field: string]: unknown;
}

interface Mark {
  type: string;
  href?: string;
}

export interface Node {
  type: string;
  attrs?: Record<string, unknown>;
  content?: Node[];
  text?: string;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
}

const PLAIN: Record<string, string> = {
  doc: "doc",
  paragraph: "paragraph",
  heading: "heading",
  item: "listItem",
  quote: "blockquote",
  callout: "callout",
  image: "image",
  divider: "horizontalRule",
  person: "person",
  break: "hardBreak",
};
const BACK = Object.fromEntries(Object.entries(PLAIN).map(([ours, theirs]) => [theirs, ours]));
const FIELDS: Record<string, Record<string, unknown>> = {
  heading: { level: 2 },
  callout: { tone: "note" },
  image: { src: "", alt: "", width: null, height: null },
  person: { attribute: "name", fallback: "" },
};
const MARKS = new Set(["bold", "italic", "code", "key", "link"]);
const HOLDS_BLOCKS = new Set(["doc", "item", "quote", "callout"]);

/** The editor's JSON for a stored tree; throws on what the editor cannot hold, so that nothing is lost by opening it. */
export function toNode(tree: Tree): Node {
  if (tree.type === "text") return wordsToNode(tree);
  if (tree.type === "list") return listToNode(tree);
  if (tree.type === "code") {
    return { type: "codeBlock", attrs: { language: tree["language"] ?? "" }, content: tree.text ? [{ type: "text", text: tree.text }] : [] };
  }
  const type = PLAIN[tree.type];
  if (!type) throw new Error(`no such node: ${tree.type}`);
  const content = (tree.content ?? []).map(toNode);
  if (!content.length && HOLDS_BLOCKS.has(tree.type)) content.push({ type: "paragraph" });
  return { type, attrs: picked(tree, FIELDS[tree.type]), content };
}

/** The stored tree for the editor's JSON, every field said. */
export function toTree(node: Node): Tree {
  if (node.type === "text") return { type: "text", text: node.text ?? "", marks: (node.marks ?? []).map(markToTree) };
  if (node.type === "bulletList" || node.type === "orderedList") {
    return { type: "list", ordered: node.type === "orderedList", start: node.attrs?.["start"] ?? 1, content: inside(node) };
  }
  if (node.type === "codeBlock") {
    return { type: "code", language: node.attrs?.["language"] ?? "", text: (node.content ?? []).map((part) => part.text ?? "").join("") };
  }
  const type = BACK[node.type] ?? "paragraph";
  const tree: Tree = { type, ...picked(node.attrs ?? {}, FIELDS[type]) };
  if (!["image", "divider", "person", "break"].includes(type)) tree.content = type === "doc" ? words(node) : inside(node);
  return tree;
}

/** How many letters a reader gets. */
export function lengthOf(tree: Tree): number {
  return (tree.text?.length ?? 0) + (tree.content ?? []).reduce((sum, part) => sum + lengthOf(part), 0);
}

function wordsToNode(tree: Tree): Node {
  const marks = (tree.marks ?? []).map((mark) => {
    if (!MARKS.has(mark.type)) throw new Error(`no such mark: ${mark.type}`);
    return mark.type === "link" ? { type: "link", attrs: { href: mark.href ?? "" } } : { type: mark.type };
  });
  return { type: "text", text: tree.text ?? "", marks };
}

function listToNode(tree: Tree): Node {
  const content = (tree.content ?? []).map(toNode);
  return tree["ordered"]
    ? { type: "orderedList", attrs: { start: tree["start"] ?? 1 }, content }
    : { type: "bulletList", content };
}

function markToTree(mark: { type: string; attrs?: Record<string, unknown> }): Mark {
  return mark.type === "link" ? { type: "link", href: String(mark.attrs?.["href"] ?? "") } : { type: mark.type };
}

function inside(node: Node): Tree[] {
  return (node.content ?? []).map(toTree);
}

/** The blocks of a document; one empty paragraph is an empty document. */
function words(node: Node): Tree[] {
  const blocks = inside(node);
  const only = blocks.length === 1 ? blocks[0] : undefined;
  return only?.type === "paragraph" && !only.content?.length ? [] : blocks;
}

function picked(from: Record<string, unknown>, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, fallback]) => [name, from[name] ?? fallback]));
}
