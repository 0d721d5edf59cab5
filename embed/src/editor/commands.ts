// Changes to the blocks that hold others, each one step of undo.

import type { Editor } from "@tiptap/core";
import { Fragment, type Node } from "@tiptap/pm/model";
import { type Command, type EditorState, NodeSelection, Selection, TextSelection } from "@tiptap/pm/state";

interface Found {
  node: Node;
  pos: number;
  /** Which of its parts the cursor is in. */
  at: number;
}

/** The nearest block of a type around the cursor, and where it begins. */
export function findAround({ selection: { $from } }: EditorState, type: string): Found | null {
  for (let depth = $from.depth; depth > 0; depth--) {
    if ($from.node(depth).type.name === type) return { node: $from.node(depth), pos: $from.before(depth), at: $from.index(depth) };
  }
  return null;
}

/** The node that is selected as a whole, if it is of this type. */
export function findSelected({ selection }: EditorState, type: string): Node | null {
  return selection instanceof NodeSelection && selection.node.type.name === type ? selection.node : null;
}

/** Puts a new block where the cursor is, behind what is selected as a whole, and the cursor into it; one without words stays selected. */
export function insertBlock(editor: Editor, json: object): void {
  editor.view.focus();
  const { state, view } = editor;
  const node = state.schema.nodeFromJSON(json);
  const { selection } = state;
  const tr = selection instanceof NodeSelection ? state.tr.insert(behind(selection, node), node) : state.tr.replaceSelectionWith(node);
  let pos = -1;
  tr.doc.descendants((each, at) => void (each === node && (pos = at)));
  if (pos >= 0) tr.setSelection(node.isAtom ? NodeSelection.create(tr.doc, pos) : Selection.near(tr.doc.resolve(pos + 1)));
  view.dispatch(tr.scrollIntoView());
}

/** A button stands in a row where nothing else may. */
function behind({ $to, to }: NodeSelection, { type }: Node): number {
  return $to.parent.canReplaceWith($to.index(), $to.index(), type) ? to : $to.after();
}

/** Gives the selected node other values; what was not asked for stays. */
export function change(editor: Editor, values: Record<string, unknown>): void {
  editor.view.focus();
  const { tr, selection } = editor.state;
  if (!(selection instanceof NodeSelection)) return;
  tr.setNodeMarkup(selection.from, null, { ...selection.node.attrs, ...values });
  editor.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, selection.from)));
}

/** One more button: behind the selected one, or in a row of its own. */
export function addButton(editor: Editor, values: Record<string, unknown>): void {
  const { state } = editor;
  if (!findSelected(state, "button")) return insertBlock(editor, { type: "buttons", content: [{ type: "button", attrs: values }] });
  editor.view.focus();
  const { tr, selection, schema } = state;
  tr.insert(selection.to, schema.nodes["button"]!.create(values));
  editor.view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, selection.to)));
}

/** The first row becomes the header of its table, or a row like the others. */
export const toggleHeaderRow: Command = (state, dispatch) => {
  const table = findAround(state, "table");
  if (table) dispatch?.(state.tr.setNodeAttribute(table.pos, "header", !table.node.attrs["header"]));
  return !!table;
};

/** One more column behind the one with the cursor, which goes there. */
export const addColumn: Command = (state, dispatch) => {
  const columns = findAround(state, "columns");
  const fresh = state.schema.nodes["column"]!.createAndFill();
  if (!columns || !fresh) return false;
  const { tr } = state;
  const pos = after(columns);
  tr.insert(pos, fresh).setSelection(TextSelection.create(tr.doc, pos + 2));
  dispatch?.(tr);
  return true;
};

/** The column with the cursor goes; what is left when only one is left stands by itself. */
export const removeColumn: Command = (state, dispatch) => {
  const columns = findAround(state, "columns");
  if (!columns) return false;
  const left = columns.node.content.content.filter((_, at) => at !== columns.at);
  dispatch?.(replaced(state, columns, left.length > 1 ? Fragment.from(columns.node.copy(Fragment.from(left))) : joined(left)));
  return true;
};

/** What stood side by side stands one under the other. */
export const unwrapColumns: Command = (state, dispatch) => {
  const columns = findAround(state, "columns");
  if (columns) dispatch?.(replaced(state, columns, joined(columns.node.content.content)));
  return !!columns;
};

function after({ node, pos, at }: Found): number {
  return node.content.content.slice(0, at + 1).reduce((sum, part) => sum + part.nodeSize, pos + 1);
}

function joined(parts: readonly Node[]): Fragment {
  return parts.reduce((all, part) => all.append(part.content), Fragment.empty);
}

function replaced({ tr }: EditorState, { node, pos }: Found, by: Fragment) {
  tr.replaceWith(pos, pos + node.nodeSize, by);
  return tr.setSelection(Selection.near(tr.doc.resolve(pos))).scrollIntoView();
}
