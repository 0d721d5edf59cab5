/** Finds elements by text, by row, and within open shadow roots and frames; loaded when a plain selector is not enough. */

import type { Target } from "bodies";
import { cssOf, rowOf } from "./selector";
import { visibleFrame } from "../ui/clipping";
import { overlap } from "../ui/geometry";
import { visible } from "./selector";
import type { PickedChunk } from "../types/contracts";
import type { Props, Rect } from "../types/kit";
import { chunks, listen, warn } from "../core/exports";

type SearchRoot = Document | ShadowRoot;

const PRESSED = "a,button,[role=button],[role=link],[role=tab],[role=menuitem],summary,label";

/** The windows of frames that contain an anchor: scrolling there moves it. */
const watchedWindows = new WeakSet<Window>();
let onNews: () => void;
let picked: PickedChunk | undefined;
let loading: Promise<void> | undefined;

/** The target's element, or null; `onChange` is called when another answer may be there. */
export function find(target: Target, onChange: () => void): Element | null {
  onNews = onChange;
  if (target.by === "picked") {
    loading ??= chunks.load("picked").then((loaded) => {
      picked = loaded;
      onChange();
    }, warn);
    return picked?.find(target, onChange) ?? null;
  }
  const { row = "", nth = 0 } = target.refine ?? {};
  if (target.value.length > 1000) return null;
  let left = nth || 1;
  try {
    for (const element of search(target, document)) if (isInRow(element, row) && !--left) return element;
    if (target.by === "text" && !nth && /\d/.test(target.value)) return findIgnoringNumbers(target, row);
  } catch {
    // not a valid selector
  }
  return null;
}

/** The only element whose text is the same except for its numbers, such as a counter. */
function findIgnoringNumbers(target: Target, row: string): Element | null {
  const [only, ...others] = new Set([...search(target, document, maskNumbers)].filter((element) => isInRow(element, row)));
  return others[0] ? null : (only ?? null);
}

/** The outcome of the search, as props of an event. */
export const describeSearch = (target: Target): Props | undefined => (target.by === "picked" ? picked?.describeSearch(target) : { reason: reason(target) });

function reason({ by, value }: Target): string {
  if (by !== "css") return "no-candidate";
  try {
    const [first = "", ...inner] = value.split(">>>");
    const found = document.querySelector(first);
    return !found ? "no-candidate" : !inner[0] ? "hidden" : insideOf(found) ? "no-candidate" : "unsupported";
  } catch {
    return "bad-selector";
  }
}

/** All visible matches, those of the page before those in its shadow roots and frames. */
function* search(target: Target, root: SearchRoot, read = normalizeText): Generator<Element> {
  const { by, value, refine } = target;
  if (by === "text") yield* byText(value, root, refine?.text === "contains", read);
  else yield* byCss(by === "css" ? value.split(">>>") : [cssOf(by, value)], root);
  for (const element of root.querySelectorAll("*")) {
    const inside = element.localName !== "handrail-root" && insideOf(element);
    if (inside) yield* search(target, inside, read);
  }
}

/** An open shadow root, or a frame of the same origin. */
const insideOf = (element: Element): SearchRoot | null => element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument ?? null;

function* byCss([first = "", ...inner]: string[], root: SearchRoot): Generator<Element> {
  for (const element of root.querySelectorAll(first)) {
    const inside = inner[0] && insideOf(element);
    if (inside) yield* byCss(inner, inside);
    else if (!inner[0] && visible(element)) yield element;
  }
}

const isInRow = (element: Element, row: string): boolean => !row || normalizeText(rowOf(element)?.textContent).toLowerCase().includes(normalizeText(row).toLowerCase());

const normalizeText = (text: string | null | undefined): string => (text ?? "").replace(/\s+/g, " ").trim();

const maskNumbers = (text: string | null | undefined): string => normalizeText(text).replace(/\d+([.,]\d+)*/g, "#");

/** The smallest visible elements that have (or contain) this text, clickable ones first. */
function* byText(value: string, root: SearchRoot, isPart: boolean, read: typeof normalizeText): Generator<Element> {
  const wanted = read(value);
  const walker = (root.ownerDocument ?? (root as Document)).createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const rest: Element[] = [];
  while (walker.nextNode()) {
    const { nodeValue, parentElement } = walker.currentNode;
    const part = read(nodeValue);
    const match = !part ? null : isPart ? (part.includes(wanted) ? readable(parentElement) : null) : wanted.startsWith(part) ? closestWithText(parentElement, wanted, read) : null;
    if (!match || !visible(match)) continue;
    const pressed = match.closest(PRESSED);
    if (pressed && (isPart || read(pressed.textContent) === wanted)) yield pressed;
    else rest.push(match);
  }
  yield* rest;
}

const readable = (element: Element | null): Element | null => (element && /^(script|style|noscript|template|title)$/.test(element.localName) ? null : element);

/** The closest element whose text is the wanted text. */
export function closestWithText(element: Element | null, wanted: string, read = normalizeText): Element | null {
  for (let up = 0; element && up < 5; up++, element = element.parentElement) {
    const text = read(element.textContent);
    if (text === wanted) return readable(element);
    if (text.length > wanted.length) return null;
  }
  return null;
}

/** For an element in frames: its box in the top window, and the part of that window in which it is visible. */
export function locate(element: Element): [Rect, Rect] | null {
  const view = element.ownerDocument.defaultView;
  const frame = view === window ? null : view?.frameElement;
  if (!frame) return null;
  if (!watchedWindows.has(view!)) listen("scroll resize", () => onNews(), view!);
  watchedWindows.add(view!);
  const [at, seen] = locate(frame) ?? [frame.getBoundingClientRect(), visibleFrame(frame)];
  const { left, top, width, height } = element.getBoundingClientRect();
  return [{ left: left + at.left + frame.clientLeft, top: top + at.top + frame.clientTop, width, height }, overlap(at, seen)];
}
