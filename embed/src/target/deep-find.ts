/** Finds elements by their text, in a row, and within open shadow roots and frames; loaded when the plain way does not find them. */

import type { Target } from "bodies";
import { cssOf, rowOf } from "./selector";
import { visibleFrame, overlap } from "../ui/exports";
import { visible } from "./exports";
import type { PickedChunk } from "../types/contracts";
import type { Props, Rect } from "../types/kit";
import { chunks, listen, warn } from "../core/exports";

type SearchRoot = Document | ShadowRoot;

const PRESSED = "a,button,[role=button],[role=link],[role=tab],[role=menuitem],summary,label";

/** Windows of frames in which something is stood beside: what moves there is news. */
const watchedWindows = new WeakSet<Window>();
let onNews: () => void;
let picked: PickedChunk | undefined;
let loading: Promise<void> | undefined;

/** The one that is meant, or null; `tell` is called when there is news of a picked one. */
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
    // a selector that is none
  }
  return null;
}

/** The only one whose text is the same but for its numbers: a counter counts on. */
function findIgnoringNumbers(target: Target, row: string): Element | null {
  const [only, ...others] = new Set([...search(target, document, maskNumbers)].filter((element) => isInRow(element, row)));
  return others[0] ? null : (only ?? null);
}

/** As props of an event: why nothing was found; or how well, now and then. */
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

/** All that are meant and visible, those of the page before those within its shadow roots and frames. */
function* search(target: Target, place: SearchRoot, read = normalizeText): Generator<Element> {
  const { by, value, refine } = target;
  if (by === "text") yield* byText(value, place, refine?.text === "contains", read);
  else yield* byCss(by === "css" ? value.split(">>>") : [cssOf(by, value)], place);
  for (const element of place.querySelectorAll("*")) {
    const inside = element.localName !== "handrail-root" && insideOf(element);
    if (inside) yield* search(target, inside, read);
  }
}

/** An open shadow root, or a frame of the same origin. */
const insideOf = (element: Element): SearchRoot | null => element.shadowRoot ?? (element as HTMLIFrameElement).contentDocument ?? null;

function* byCss([first = "", ...inner]: string[], place: SearchRoot): Generator<Element> {
  for (const element of place.querySelectorAll(first)) {
    const inside = inner[0] && insideOf(element);
    if (inside) yield* byCss(inner, inside);
    else if (!inner[0] && visible(element)) yield element;
  }
}

const isInRow = (element: Element, row: string): boolean => !row || normalizeText(rowOf(element)?.textContent).toLowerCase().includes(normalizeText(row).toLowerCase());

const normalizeText = (text: string | null | undefined): string => (text ?? "").replace(/\s+/g, " ").trim();

const maskNumbers = (text: string | null | undefined): string => normalizeText(text).replace(/\d+([.,]\d+)*/g, "#");

/** The smallest visible elements with exactly this text, or with this in it; those that can be pressed come first. */
function* byText(value: string, place: SearchRoot, isPart: boolean, read: typeof normalizeText): Generator<Element> {
  const wanted = read(value);
  const walker = (place.ownerDocument ?? (place as Document)).createTreeWalker(place, NodeFilter.SHOW_TEXT);
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

/** The element around a piece of text that has all of the text and no more. */
export function closestWithText(element: Element | null, wanted: string, read = normalizeText): Element | null {
  for (let up = 0; element && up < 5; up++, element = element.parentElement) {
    const text = read(element.textContent);
    if (text === wanted) return readable(element);
    if (text.length > wanted.length) return null;
  }
  return null;
}

/** For an element within frames: its box in our own window, and the part of the window in which it can be seen. */
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
