// What the buttons of a rich-text field do.

import type { ChainedCommands, Editor } from "@tiptap/core";
import type { Command } from "@tiptap/pm/state";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable } from "@tiptap/pm/tables";
import type { Ask } from "./prompts";
import { around, chosen, headed, narrowed, put, unwrapped, widened } from "./commands";
import { type Film, pageOf } from "./video-url";

type Act = (editor: Editor, ask: Ask) => void;

const MOST_COLUMNS = 3;
const MOST_BUTTONS = 4;
const NEW_IMAGE = { src: "", alt: "" };
const NEW_VIDEO = { address: "", title: "" };
const NEW_BUTTON = { label: "", href: "", look: "main" };

const room = (type: string) => ({ type, content: [{ type: "paragraph" }] });
const row = () => ({ type: "row", content: [room("cell"), room("cell")] });
const filmed = ({ title, ...film }: Record<string, string>) => (film["id"] ? { title: title ?? "", address: pageOf(film as unknown as Film) } : {});
/** The focus goes back at once, not with the next frame: what is typed meanwhile belongs to the text. */
const simply = (act: (chain: ChainedCommands) => ChainedCommands): Act => (editor) => {
  editor.view.focus();
  act(editor.chain()).run();
};
const doing = (command: Command): Act => (editor) => {
  editor.view.focus();
  command(editor.state, editor.view.dispatch);
};

export const ACTS: Record<string, Act> = {
  bold: simply((chain) => chain.toggleBold()),
  italic: simply((chain) => chain.toggleItalic()),
  bullets: simply((chain) => chain.toggleBulletList()),
  numbers: simply((chain) => chain.toggleOrderedList()),
  heading: simply((chain) => chain.toggleHeading({ level: 2 })),
  quote: simply((chain) => chain.toggleBlockquote()),
  code: simply((chain) => chain.toggleNode("codeBlock", "paragraph")),
  callout: simply((chain) => chain.toggleWrap("callout")),
  divider: simply((chain) => chain.setHorizontalRule()),
  link: (editor, ask) => ask("link", { href: editor.getAttributes("link")["href"] ?? "" }),
  person: (editor, ask) => ask("person", { attribute: "name", fallback: "", ...editor.getAttributes("person") }),
  image: (editor, ask) => ask("image", { ...NEW_IMAGE, ...editor.getAttributes("image") }),
  video: (editor, ask) => ask("video", { ...NEW_VIDEO, ...filmed(editor.getAttributes("video")) }),
  buttons: (_editor, ask) => ask("button", NEW_BUTTON),
  "button-edit": (editor, ask) => ask("button", { ...NEW_BUTTON, ...editor.getAttributes("button") }, true),
  table: (editor) => put(editor, { type: "table", attrs: { header: true }, content: [row(), row(), row()] }),
  "table-header": doing(headed),
  "table-remove": doing(deleteTable),
  "row-before": doing(addRowBefore),
  "row-after": doing(addRowAfter),
  "row-remove": doing(deleteRow),
  "column-before": doing(addColumnBefore),
  "column-after": doing(addColumnAfter),
  "column-remove": doing(deleteColumn),
  columns: (editor) => put(editor, { type: "columns", content: [room("column"), room("column")] }),
  "columns-more": doing(widened),
  "columns-less": doing(narrowed),
  "columns-remove": doing(unwrapped),
  note: simply((chain) => chain.updateAttributes("callout", { tone: "note" })),
  tip: simply((chain) => chain.updateAttributes("callout", { tone: "tip" })),
  warning: simply((chain) => chain.updateAttributes("callout", { tone: "warning" })),
  "callout-remove": simply((chain) => chain.lift("callout")),
  remove: simply((chain) => chain.keyboardShortcut("Backspace")),
};

/** Which buttons show that they are on, and which cannot do anything now. */
export const PRESSED: Record<string, (editor: Editor) => boolean> = {
  bold: (editor) => editor.isActive("bold"),
  italic: (editor) => editor.isActive("italic"),
  bullets: (editor) => editor.isActive("bulletList"),
  numbers: (editor) => editor.isActive("orderedList"),
  link: (editor) => editor.isActive("link"),
  "table-header": (editor) => around(editor.state, "table")?.node.attrs["header"] === true,
  note: (editor) => editor.isActive("callout", { tone: "note" }),
  tip: (editor) => editor.isActive("callout", { tone: "tip" }),
  warning: (editor) => editor.isActive("callout", { tone: "warning" }),
};

export const IDLE: Record<string, (editor: Editor) => boolean> = {
  "columns-more": (editor) => (around(editor.state, "columns")?.node.childCount ?? 0) >= MOST_COLUMNS,
  buttons: ({ state }) => chosen(state, "button") !== null && state.selection.$from.parent.childCount >= MOST_BUTTONS,
};
