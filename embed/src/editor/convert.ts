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
  table: "table",
  row: "row",
  cell: "cell",
  columns: "columns",
  column: "column",
  video: "video",
  buttons: "buttons",
  button: "button",
};
const BACK = Object.fromEntries(Object.entries(PLAIN).map(([ours, theirs]) => [theirs, ours]));
const FIELDS: Record<string, Record<string, unknown>> = {
  heading: { level: 2 },
  callout: { tone: "note" },
  image: { src: "", alt: "", width: null, height: null },
  person: { attribute: "name", fallback: "" },
  table: { header: false },
  video: { provider: "youtube", id: "", title: "" },
  button: { label: "", href: "", look: "main" },
};
const EMPTY = new Set(["image", "divider", "person", "break", "video", "button"]);
const MARKS = new Set(["bold", "italic", "code", "key", "link"]);
const HOLDS_BLOCKS = new Set(["doc", "item", "quote", "callout", "cell", "column"]);

/** The editor's JSON for a stored tree; throws on what the editor cannot hold, so that nothing is lost by opening it. */
export function toNode(tree: Tree): Node {
  if (tree.type === "text") return wordsToNode(tree);
  if (tree.type === "list") return listToNode(tree);
  if (tree.type === "code") {
    return { type: "codeBlock", attrs: { language: tree["language"] ?? "" }, content: tree.text ? [{ type: "text", text: tree.text }] : [] };
  }
  const type = PLAIN[tree.type];
  if (!type) throw new Error(`no such node: ${tree.type}`);
  const content = within(tree).map(toNode);
  if (!content.length && HOLDS_BLOCKS.has(tree.type)) content.push({ type: "paragraph" });
  const stored = tree.type === "paragraph" && !content.length ? { kept: true } : {};
  return { type, attrs: { ...picked(tree, FIELDS[tree.type]), ...stored }, content };
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
  if (!EMPTY.has(type)) tree.content = HOLDS_BLOCKS.has(type) ? words(node) : inside(node);
  return tree;
}

/** The same document in one way of writing: every field said, neighbours with the same marks as one text. */
export function normalized(tree: Tree): Tree {
  const { marks, content, ...fields } = tree;
  const withDefaults: Tree = { ...FIELDS[tree.type], ...fields };
  if (tree.type === "text") return { ...withDefaults, marks: [...(marks ?? [])].sort((one, other) => (one.type < other.type ? -1 : 1)) };
  if (tree.type === "list") return { ordered: false, start: 1, ...withDefaults, content: within(tree).map(normalized) };
  if (tree.type === "code") return { language: "", text: "", ...withDefaults };
  return EMPTY.has(tree.type) ? { ...withDefaults, ...(content && { content }) } : { ...withDefaults, content: joined(within(tree).map(normalized)) };
}

/** Whether two documents say the same, whatever the order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  const [names, others] = [Object.keys(one), Object.keys(other)];
  return names.length === others.length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name as never], other[name as never]));
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
  return { type: tree["ordered"] ? "orderedList" : "bulletList", attrs: { start: tree["start"] ?? 1 }, content: within(tree).map(toNode) };
}

function markToTree(mark: { type: string; attrs?: Record<string, unknown> }): Mark {
  return mark.type === "link" ? { type: "link", href: String(mark.attrs?.["href"] ?? "") } : { type: mark.type };
}

function inside(node: Node): Tree[] {
  return (node.content ?? []).map(toTree);
}

/** What a tree holds; a text without a letter is nothing. */
function within(tree: Tree): Tree[] {
  return (tree.content ?? []).filter((part) => part.type !== "text" || part.text);
}

/** The blocks; one empty paragraph is none, unless it was stored. */
function words(node: Node): Tree[] {
  const only = node.content?.length === 1 ? node.content[0] : undefined;
  return only?.type === "paragraph" && !only.content?.length && !only.attrs?.["kept"] ? [] : inside(node);
}

function joined(parts: Tree[]): Tree[] {
  return parts.reduce<Tree[]>((all, part) => {
    const last = all.at(-1);
    if (part.type !== "text" || last?.type !== "text" || !isSame(last.marks, part.marks)) return [...all, part];
    return [...all.slice(0, -1), { ...last, text: `${last.text}${part.text}` }];
  }, []);
}

function picked(from: Record<string, unknown>, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, fallback]) => [name, from[name] ?? fallback]));
}
