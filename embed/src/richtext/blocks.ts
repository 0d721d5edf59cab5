/** The rarer blocks of rich text. */

import { isImage, isLink, drawLink } from "./links";
import { drawBlocks, type Draw, el, get, contentOf, getNumber, type Raw, getString, drawParts } from "./pen";

/** Video frames are built from a provider and an id that is checked; no other address is ever framed. */
const FRAMES: Record<string, [id: RegExp, before: string, after: string]> = {
  youtube: [/^[\w-]{11}$/, "www.youtube-nocookie.com/embed/", ""],
  vimeo: [/^\d{6,12}$/, "player.vimeo.com/video/", "?dnt=1"],
  loom: [/^[\da-f]{32}$/, "www.loom.com/embed/", ""],
};

/** The value if it is one of these, else the first of them. */
const oneOf = (node: Raw, key: string, ...words: string[]): string => words.find((word) => word === get(node, key)) ?? words[0]!;

/** src comes last: loading starts when it is set, and the other attributes say how. */
const image: Draw = (pen, node) => {
  const src = getString(node, "src");
  const [width, height] = [getNumber(node, "width", 1, 2000), getNumber(node, "height", 1, 2000)];
  return isImage(src) ? el(pen, "img", { loading: "lazy", referrerpolicy: "no-referrer", alt: getString(node, "alt"), width, height, src }) : null;
};

const video: Draw = (pen, node) => {
  const id = getString(node, "id");
  const provider = getString(node, "provider");
  const frame = Object.hasOwn(FRAMES, provider) && FRAMES[provider]!;
  if (!frame || !frame[0].test(id)) return null;
  const src = `https://${frame[1]}${id}${frame[2]}`;
  const ways = { sandbox: "allow-scripts allow-same-origin allow-presentation", allow: "fullscreen; picture-in-picture", referrerpolicy: "strict-origin-when-cross-origin" };
  return el(pen, "div", { class: "video" }, [el(pen, "iframe", { loading: "lazy", title: getString(node, "title") || "Video", ...ways, src })]);
};

const table: Draw = (pen, node, depth) => {
  const rows = contentOf(pen, node).filter((row) => get(row, "type") === "row");
  const drawn = rows.map((row, at) => {
    const head = !at && get(node, "header") === true;
    return el(pen, "tr", {}, drawParts(pen, row, "cell", head ? "th" : "td", depth + 1, head ? { scope: "col" } : {}));
  });
  const box = el(pen, "div", { class: "table", tabindex: 0 }, [el(pen, "table", {}, [el(pen, "tbody", {}, drawn)])]);
  // arrow keys scroll it
  box.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
  return box;
};

const buttons: Draw = (pen, node) => {
  const able = contentOf(pen, node).filter((each) => get(each, "type") === "button" && getString(each, "label") && isLink(getString(each, "href")));
  return el(pen, "p", { class: "buttons" }, able.map((each) => drawLink(pen, getString(each, "href"), [getString(each, "label")], { class: "btn btn-" + oneOf(each, "look", "main", "plain") })));
};

export const blockDraws: Record<string, Draw> = {
  image,
  video,
  table,
  buttons,
  columns: (pen, node, depth) => el(pen, "div", { class: "columns" }, drawParts(pen, node, "column", "div", depth)),
  quote: (pen, node, depth) => el(pen, "blockquote", {}, drawBlocks(pen, node, depth + 1)),
  callout: (pen, node, depth) => el(pen, "div", { class: "callout " + oneOf(node, "tone", "note", "tip", "warning"), role: "note" }, drawBlocks(pen, node, depth + 1)),
  code: (pen, node) => el(pen, "pre", {}, [el(pen, "code", { "data-language": getString(node, "language") || null }, [getString(node, "text")])]),
  divider: (pen) => el(pen, "hr", {}),
};
