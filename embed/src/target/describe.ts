/** Reads the features of an element; capture and search share it, so that both see the same. */

import { visible } from "./selector";

export { visible } from "./selector";
export const PRESSED = "a,button,summary,[role=button],[role=link],[role=tab],[role=menuitem],[role=switch],[type=submit],[type=button],[type=image],[type=reset]";
export const FILLED = "input,select,textarea,[contenteditable],[role=textbox],[role=combobox],[role=checkbox]";
const HEADING = "h1,h2,h3,h4,h5,h6,legend,caption";
const SILENT = /^(script|style|noscript|template|title|head|meta|link|br|option|path|g)$/;

/** Lower case, single spaces, numbers masked. */
export const normalizeText = (text: string | null | undefined): string => (text ?? "").toLowerCase().replace(/\d+([.,:]\d+)*/g, "#").replace(/\s+/g, " ").trim();

export const words = (text: string): string[] => text.split(/[^\p{L}\p{M}#]+/u).filter(Boolean);

/** The first text within an element, normalized; cheap however large the element. */
export function textOf(element: Element, most = 80): string {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let text = "";
  while (text.length < most && walker.nextNode()) if (!SILENT.test(walker.currentNode.parentElement?.localName ?? "")) text += " " + walker.currentNode.nodeValue!.trim();
  return normalizeText(text).slice(0, most);
}

export function labelOf(element: Element): string {
  const { labels } = element as HTMLInputElement;
  const by = element.getAttribute("aria-labelledby");
  const named = labels?.[0] ?? (by && (element.getRootNode() as Document).getElementById(by.split(" ")[0]!));
  const before = element.previousElementSibling ?? element.parentElement?.previousElementSibling;
  return named ? textOf(named) : before && /^(label|dt|th|legend)$/.test(before.localName) ? textOf(before) : "";
}

/** Its icon: the drawing, the file, or the classes that draw it. */
export function signOf(element: Element): string {
  const sign = element.matches("i,img,svg") ? element : element.querySelector("i,svg,img,[class*=icon]");
  if (!sign) return "";
  const drawn = sign.querySelector("use")?.getAttribute("href") ?? sign.querySelector("path")?.getAttribute("d")?.slice(0, 40).replace(/ /g, "_");
  return drawn ?? sign.getAttribute("src")?.split(/[?#]/)[0]!.split("/").pop() ?? sign.getAttribute("class") ?? "";
}

/** The normalized value of an attribute; addresses without their query. */
export const attributeText = (name: string, value: string | null): string => normalizeText(/^(href|src|action)$/.test(name) ? value?.replace(/\?.*/, "") : value).slice(0, 80);

/** The text of the heading above an element. */
export function headingOf(element: Element): string {
  let up = element.parentElement;
  for (let i = 0; up && i < 7; i++, up = up.parentElement) {
    const heading = up.querySelector(HEADING);
    if (heading && heading !== element && !element.contains(heading) && !heading.contains(element)) return textOf(heading, 60);
  }
  return "";
}

export function* ancestorsOf(element: Element, most: number): Generator<Element> {
  for (let up = element.parentElement, i = 0; up && up.localName !== "body" && i < most; up = up.parentElement, i++) yield up;
}

/** The outermost ancestor of which it is the only child: a link in a menu entry is compared with other entries. */
export function soleChildRoot(element: Element): Element {
  let level = element;
  while (level.parentElement && level.parentElement.localName !== "body" && level.parentElement.childElementCount < 2) level = level.parentElement;
  return level;
}

/** A summary of an element: its tag and text, or its label or icon. */
export function summaryOf(element: Element | null | undefined): string {
  if (!element) return "";
  const text = textOf(element, 40);
  const shown = (): string => normalizeText(element.getAttribute("aria-label") ?? element.getAttribute("placeholder") ?? (signOf(element) || element.getAttribute("href")));
  return element.localName + (text ? ":" + text : "=" + shown().slice(0, 40));
}

/** Summaries of the two visible neighbors on each side. */
export function neighborsOf(element: Element): string[] {
  const level = soleChildRoot(element);
  const next = (of: Element | null | undefined, way: "previousElementSibling" | "nextElementSibling"): Element | null | undefined => {
    for (of = of?.[way]; of && !visible(of); ) of = of[way];
    return of;
  };
  const before = next(level, "previousElementSibling");
  const after = next(level, "nextElementSibling");
  return [next(before, "previousElementSibling"), before, after, next(after, "nextElementSibling")].map(summaryOf);
}

/** Positions among siblings of the same tag, computed once per parent. */
export type Numbers = Map<Element, number>;

function numberOf(element: Element, numbers: Numbers): number {
  if (!numbers.has(element)) {
    const counts: Record<string, number> = {};
    for (const each of element.parentNode!.children) numbers.set(each, (counts[each.localName] = (counts[each.localName] ?? 0) + 1));
  }
  return numbers.get(element)!;
}

/** The path to an element: tag and position, nearest first. */
export const pathOf = (element: Element, most = 12, numbers: Numbers = new Map()): string[] => [element, ...ancestorsOf(element, most - 1)].map((each) => each.localName + numberOf(each, numbers));
