/** The helpers that draw rich text: reading untrusted nodes, and creating elements within a limit. */

/** An untrusted node: any field, any value. */
export type Raw = Record<string, unknown>;
export type Drawn = (Node | string)[];

/** The state of one drawing: the document, the person, and how many nodes may still be drawn. */
export interface Pen {
  readonly document: Document;
  readonly person: Raw;
  nodesLeft: number;
  /** How each type of block is drawn. */
  readonly draws: Record<string, Draw>;
}

/** Draws one block at a depth. */
export type Draw = (pen: Pen, node: Raw, depth: number) => Node | null;

const MOST_DEPTH = 16;
export function el(pen: Pen, tag: string, attributes: Record<string, string | number | null>, inner: Drawn = []): HTMLElement {
  const element = pen.document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, String(value));
  element.append(...inner);
  return element;
}

/** The children of a node, up to the limit. */
export function contentOf(pen: Pen, node: Raw): Raw[] {
  const content = get(node, "content");
  return Array.isArray(content) ? content.filter((each) => each && typeof each === "object" && pen.nodesLeft-- > 0) : [];
}

export function drawBlocks(pen: Pen, node: Raw, depth: number): Node[] {
  return depth > MOST_DEPTH ? [] : contentOf(pen, node).flatMap((each) => pen.draws[getString(each, "type")]?.(pen, each, depth) ?? []);
}

/** Draws the children of one type, such as the items of a list, each with its blocks. */
export function drawParts(pen: Pen, node: Raw, type: string, tag: string, depth: number, attributes = {}): Node[] {
  return contentOf(pen, node).flatMap((each) => (get(each, "type") === type ? el(pen, tag, attributes, drawBlocks(pen, each, depth + 2)) : []));
}

export const get = (node: Raw, key: string): unknown => (Object.hasOwn(node, key) ? node[key] : undefined);

export const getString = (node: Raw, key: string): string => {
  const value = get(node, key);
  return typeof value === "string" ? value : "";
};

export const getNumber = (node: Raw, key: string, least: number, most: number): number | null => {
  const value = get(node, key);
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most ? (value as number) : null;
};
