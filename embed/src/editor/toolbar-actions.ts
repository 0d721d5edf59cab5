// What the buttons of a rich-text field do.

import type { ChainedCommands, Editor } from "@tiptap/core";
import type { Command } from "@tiptap/pm/state";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable } from "@tiptap/pm/tables";
import type { OpenPrompt } from "./prompts";
import { findAround, findSelected, toggleHeaderRow, removeColumn, insertBlock, unwrapColumns, addColumn } from "./commands";
import { type Video, pageOf } from "./video-url";

type Action = (editor: Editor, ask: OpenPrompt) => void;

const MOST_COLUMNS = 3;
const MOST_BUTTONS = 4;
const NEW_IMAGE = { src: "", alt: "" };
const NEW_VIDEO = { address: "", title: "" };
const NEW_BUTTON = { label: "", href: "", look: "main" };

const emptyPart = (type: string) => ({ type, content: [{ type: "paragraph" }] });
const row = () => ({ type: "row", content: [emptyPart("cell"), emptyPart("cell")] });
const videoValues = ({ title, ...film }: Record<string, string>) => (film["id"] ? { title: title ?? "", address: pageOf(film as unknown as Video) } : {});
/** The focus goes back at once, not with the next frame: what is typed meanwhile belongs to the text. */
const chained = (act: (chain: ChainedCommands) => ChainedCommands): Action => (editor) => {
  editor.view.focus();
  act(editor.chain()).run();
};
const command = (command: Command): Action => (editor) => {
  editor.view.focus();
  command(editor.state, editor.view.dispatch);
};

export const ACTIONS: Record<string, Action> = {
  bold: chained((chain) => chain.toggleBold()),
  italic: chained((chain) => chain.toggleItalic()),
  bullets: chained((chain) => chain.toggleBulletList()),
  numbers: chained((chain) => chain.toggleOrderedList()),
  heading: chained((chain) => chain.toggleHeading({ level: 2 })),
  quote: chained((chain) => chain.toggleBlockquote()),
  code: chained((chain) => chain.toggleNode("codeBlock", "paragraph")),
  callout: chained((chain) => chain.toggleWrap("callout")),
  divider: chained((chain) => chain.setHorizontalRule()),
  link: (editor, ask) => ask("link", { href: editor.getAttributes("link")["href"] ?? "" }),
  person: (editor, ask) => ask("person", { attribute: "name", fallback: "", ...editor.getAttributes("person") }),
  image: (editor, ask) => ask("image", { ...NEW_IMAGE, ...editor.getAttributes("image") }),
  video: (editor, ask) => ask("video", { ...NEW_VIDEO, ...videoValues(editor.getAttributes("video")) }),
  buttons: (_editor, ask) => ask("button", NEW_BUTTON),
  "button-edit": (editor, ask) => ask("button", { ...NEW_BUTTON, ...editor.getAttributes("button") }, true),
  table: (editor) => insertBlock(editor, { type: "table", attrs: { header: true }, content: [row(), row(), row()] }),
  "table-header": command(toggleHeaderRow),
  "table-remove": command(deleteTable),
  "row-before": command(addRowBefore),
  "row-after": command(addRowAfter),
  "row-remove": command(deleteRow),
  "column-before": command(addColumnBefore),
  "column-after": command(addColumnAfter),
  "column-remove": command(deleteColumn),
  columns: (editor) => insertBlock(editor, { type: "columns", content: [emptyPart("column"), emptyPart("column")] }),
  "columns-more": command(addColumn),
  "columns-less": command(removeColumn),
  "columns-remove": command(unwrapColumns),
  note: chained((chain) => chain.updateAttributes("callout", { tone: "note" })),
  tip: chained((chain) => chain.updateAttributes("callout", { tone: "tip" })),
  warning: chained((chain) => chain.updateAttributes("callout", { tone: "warning" })),
  "callout-remove": chained((chain) => chain.lift("callout")),
  remove: chained((chain) => chain.keyboardShortcut("Backspace")),
};

/** Which buttons show that they are on, and which cannot do anything now. */
export const PRESSED: Record<string, (editor: Editor) => boolean> = {
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  bullets: (editor) => editor.isActive("bulletList"),
  numbers: (editor) => editor.isActive("orderedList"),
  link: (editor) => editor.isActive("link"),
  "table-header": (editor) => findAround(editor.state, "table")?.node.attrs["header"] === true,
  note: (editor) => editor.isActive("callout", { tone: "note" }),
  tip: (editor) => editor.isActive("callout", { tone: "tip" }),
  warning: (editor) => editor.isActive("callout", { tone: "warning" }),
};

export const IDLE: Record<string, (editor: Editor) => boolean> = {
  "columns-more": (editor) => (findAround(editor.state, "columns")?.node.childCount ?? 0) >= MOST_COLUMNS,
  buttons: ({ state }) => findSelected(state, "button") !== null && state.selection.$from.parent.childCount >= MOST_BUTTONS,
};
