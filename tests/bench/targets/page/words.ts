/** What operators do to the words of a page. */

import type { Chance } from "./chance";

const WORDS = "amber branch copper delta ember falcon garden harbor island jasmine kernel lantern meadow nectar orchid pebble quarry river saddle timber umbrella valley willow zephyr".split(" ");
const SPOKEN = ["placeholder", "title", "aria-label", "alt"];
const SILENT = /^(script|style|noscript|template|title)$/;

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** Words that stand nowhere on a page of an admin template. */
export const otherWords = (chance: Chance, count: number): string => Array.from({ length: count }, (_, i) => (i ? chance.one(WORDS) : capital(chance.one(WORDS)))).join(" ");

/** The pieces of text below an element. */
export function pieces(element: Element): Text[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  while (walker.nextNode()) {
    const piece = walker.currentNode as Text;
    if (piece.data.trim() && !SILENT.test(piece.parentElement!.localName)) found.push(piece);
  }
  return found;
}

const rewrite = (piece: Text, to: (words: string) => string): void => void (piece.data = piece.data.replace(/\S(.*\S)?/s, to));

/** Other words for all that is said in an element and by its attributes. */
export function replaceWords(element: Element, chance: Chance): void {
  for (const piece of pieces(element)) rewrite(piece, (words) => otherWords(chance, Math.min(words.split(/\s+/).length, 6)));
  for (const each of [element, ...element.querySelectorAll("*")])
    for (const name of SPOKEN) if (each.getAttribute(name)) each.setAttribute(name, otherWords(chance, 2));
}

/** One word more, less or otherwise; numbers count on. */
export function editWords(element: Element, chance: Chance): void {
  const all = pieces(element);
  if (!all.length) return;
  rewrite(chance.one(all), (text) => {
    const words = text.split(/\s+/);
    const numbered = text.replace(/\d+/g, (digits) => String(+digits + chance.number(1, 9)));
    if (numbered !== text) return numbered;
    if (words.length > 2 && chance.happens(0.5)) words.splice(chance.number(0, words.length - 1), 1);
    else words.splice(chance.number(0, words.length), 0, chance.one(WORDS));
    return words.join(" ");
  });
}

const foreign = (word: string): string => word.replace(/[a-z]+/gi, (letters) => [...letters].reverse().join("").toLowerCase() + "en");

/** Every word of the page in another language. */
export function translate(body: Element): void {
  for (const piece of pieces(body)) rewrite(piece, (words) => words.split(/\s+/).map(foreign).join(" "));
  for (const each of body.querySelectorAll("*")) for (const name of SPOKEN) if (each.getAttribute(name)) each.setAttribute(name, each.getAttribute(name)!.split(/\s+/).map(foreign).join(" "));
  for (const button of body.querySelectorAll<HTMLInputElement>("input[type=submit],input[type=button]")) button.setAttribute("value", foreign(button.value));
}
