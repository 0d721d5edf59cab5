/** Creates nodes: never from markup, never with a style attribute. */

import { guard } from "../core/exports";
import type { Child } from "../types/kit";

/** A property of the document, even where the page shadows it with a named element. */
export const documentProperty = <K extends keyof Document>(name: K): Document[K] => Reflect.get(Document.prototype, name, document) as Document[K];

const callDocument = (name: "createElement" | "createDocumentFragment", ...args: string[]): never => (documentProperty(name) as (...args: string[]) => never).call(document, ...args);

/** As much of the document as drawing text needs, bypassing what the page has overridden. */
export const safeDocument = { createElement: (tag: string) => callDocument("createElement", tag), createDocumentFragment: () => callDocument("createDocumentFragment") } as unknown as Document;

/** Creates an element; functions under "on..." are listeners, null and false attributes are left out. */
export function el(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement {
  const node: HTMLElement = safeDocument.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), guard(value as (event: Event) => void));
    else node.setAttribute(name, value === true ? "" : (value as string));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** The close icon. */
export const icon = (): HTMLElement => el("span", { class: "icon", "aria-hidden": "true" }, "×");

export function setStyles(node: HTMLElement, styles: Record<string, string | number>): void {
  for (const [name, value] of Object.entries(styles)) node.style.setProperty(name, typeof value === "number" ? value + "px" : value);
}
