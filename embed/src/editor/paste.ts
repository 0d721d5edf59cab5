// What is pasted, before it is read: lists of Word become lists, merged cells single ones, titles headings; the rest is left to what the editor can hold.

const MOST_CELLS = 20;
const KEPT = /^(href|src|alt|title|class|colspan|rowspan|start|data-(?!style$|on).*)$/;
const SAID: [tag: string, yes: RegExp, no: RegExp][] = [
  ["b, strong", /font-weight:\s*(bold|[5-9]00)/i, /font-weight:\s*(normal|[1-4]00)/i],
  ["i, em", /font-style:\s*(italic|oblique)/i, /font-style:\s*normal/i],
];
const HEADING: Record<string, string> = { H1: "h2", H5: "h4", H6: "h4" };

/** Pasted HTML in the form that the editor reads; nothing of it is ever put into this page. */
export function cleanHtml(html: string): string {
  const { body } = new DOMParser().parseFromString(html.replace(/<style[^]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, unstyled), "text/html");
  body.querySelectorAll("style, script, meta, link, title, xml, template").forEach((each) => each.remove());
  listed(body);
  body.querySelectorAll<HTMLElement>("b, strong, i, em, span, a").forEach(marked);
  body.querySelectorAll("h1, h5, h6").forEach((each) => renamed(each, HEADING[each.tagName] ?? "h4"));
  body.querySelectorAll("table").forEach(squared);
  for (const each of body.querySelectorAll("*")) [...each.attributes].forEach(({ name }) => KEPT.test(name) || each.removeAttribute(name));
  return body.innerHTML;
}

/** Styles and scripts of the tag become plain words: the policy of this page would complain about each of them. */
function unstyled(tag: string): string {
  return tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1=");
}

const styleOf = (element: HTMLElement): string => element.dataset["style"] ?? "";

/** Google Docs says in styles what is bold and slanted, and what only looks so. */
function marked(element: HTMLElement): void {
  const style = styleOf(element);
  for (const [tag, yes, no] of SAID) {
    if (no.test(style) && element.matches(tag)) return element.replaceWith(...element.childNodes);
    if (!yes.test(style)) continue;
    const mark = element.ownerDocument.createElement(tag === "b, strong" ? "strong" : "em");
    mark.append(...element.childNodes);
    element.append(mark);
  }
}

function renamed(element: Element, tag: string): void {
  const other = element.ownerDocument.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

/** Word writes a list as paragraphs that say their level; what stands before the words is their bullet. */
function listed(body: HTMLElement): void {
  const open: { level: number; list: Element }[] = [];
  let [before, named]: [Element | null, string] = [null, ""];
  for (const line of body.querySelectorAll<HTMLElement>("p[data-style*='mso-list']")) {
    const [, name = "", digit] = /mso-list:\s*(\w*)\s+level(\d)/.exec(styleOf(line)) ?? [];
    const level = Number(digit);
    if (!level) continue;
    const follows = line.previousElementSibling === before && !!before && name === named;
    while (open.length && (!follows || open.at(-1)!.level > level)) open.pop();
    const item = line.ownerDocument.createElement("li");
    const numbered = bulletOf(line);
    if (open.at(-1)?.level !== level) open.push({ level, list: listIn(open.at(-1)?.list, line, numbered) });
    open.at(-1)!.list.append(item);
    line.remove();
    item.append(...line.childNodes);
    [before, named] = [open[0]!.list, name];
  }
}

/** A new list within the last item of another, or where the line stands. */
function listIn(around: Element | undefined, line: Element, numbered: boolean): Element {
  const list = line.ownerDocument.createElement(numbered ? "ol" : "ul");
  if (around?.lastElementChild) around.lastElementChild.append(list);
  else line.before(list);
  return list;
}

/** Takes the bullet away, and says whether it was a number. */
function bulletOf(line: Element): boolean {
  const bullet = [...line.querySelectorAll<HTMLElement>("span")].find((each) => /mso-list:\s*Ignore/i.test(styleOf(each)));
  const shown = bullet?.textContent?.trim() ?? "";
  bullet?.remove();
  return /^\(?[\da-z]{1,3}[.)]/i.test(shown);
}

/** A table without merged cells and captions; a table of one cell is what it holds. */
function squared(table: HTMLTableElement): void {
  for (const caption of table.querySelectorAll("caption")) table.before(...caption.childNodes, caption.ownerDocument.createElement("br"));
  table.querySelectorAll("caption, colgroup, col").forEach((each) => each.remove());
  const rows = [...table.rows];
  rows.forEach((row, at) => [...row.cells].forEach((cell) => spread(cell, rows.slice(at + 1))));
  for (const row of rows) [...row.cells].slice(MOST_CELLS).forEach((cell) => cell.remove());
  const only = rows.length === 1 && rows[0]!.cells.length === 1 ? rows[0]!.cells[0] : undefined;
  if (only) table.replaceWith(...only.childNodes);
}

/** A merged cell keeps its words; where it reached, empty cells stand. */
function spread(cell: HTMLTableCellElement, below: HTMLTableRowElement[]): void {
  const [wide, high, at] = [Math.min(cell.colSpan, MOST_CELLS), cell.rowSpan, cell.cellIndex];
  const empty = (): Element => cell.ownerDocument.createElement(cell.tagName);
  cell.removeAttribute("colspan");
  cell.removeAttribute("rowspan");
  for (let more = 1; more < wide; more++) cell.after(empty());
  for (const row of below.slice(0, high - 1)) for (let more = 0; more < wide; more++) row.insertBefore(empty(), row.cells[at] ?? null);
}
