// Tables: rows of cells that hold blocks; whether the first row is the header is said by the table, as in the stored tree.

import { Node } from "@tiptap/core";
import { GapCursor } from "@tiptap/pm/gapcursor";
import type { Node as Held } from "@tiptap/pm/model";
import { type EditorState, Plugin, Selection, type Transaction } from "@tiptap/pm/state";
import { addRowAfter, CellSelection, deleteTable, goToNextCell, isInTable, tableEditing } from "@tiptap/pm/tables";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { findAround } from "./commands";

const ROLES = new Set(["table", "row", "cell"]);
const unsaid = (value: unknown) => ({ default: value, rendered: false, parseHTML: () => value });

/** Behind the table: into what follows, or between it and the end. */
function stepOut(state: EditorState): Transaction | null {
  const table = findAround(state, "table");
  if (!table) return null;
  const after = state.doc.resolve(table.pos + table.node.nodeSize);
  return state.tr.setSelection(after.nodeAfter?.isTextblock ? Selection.near(after) : new GapCursor(after)).scrollIntoView();
}

/** Readers of the screen hear the cells of the first row as headers. */
function heads(doc: Held): DecorationSet {
  const found: Decoration[] = [];
  doc.descendants((table, pos) => {
    if (table.type.name !== "table" || !table.attrs["header"]) return;
    table.firstChild?.forEach((cell, at) => void found.push(Decoration.node(pos + 2 + at, pos + 2 + at + cell.nodeSize, { role: "columnheader" })));
  });
  return DecorationSet.create(doc, found);
}

const isHead = (row: HTMLTableRowElement | null): boolean => !!row?.cells.length && [...row.cells].every((cell) => cell.tagName === "TH");

export const Table = Node.create({
  name: "table",
  group: "block",
  content: "row*",
  isolating: true,
  extendNodeSchema: ({ name }) => (ROLES.has(name) ? { tableRole: name } : {}),
  addAttributes: () => ({
    header: {
      default: false,
      parseHTML: (element: HTMLElement) => element.dataset["header"] === "true" || isHead(element.querySelector("tr")),
      renderHTML: ({ header }: Record<string, unknown>) => ({ "data-header": String(header) }),
    },
  }),
  parseHTML: () => [{ tag: "table" }],
  renderHTML: ({ HTMLAttributes }) => ["table", HTMLAttributes, ["tbody", 0]],
  addKeyboardShortcuts() {
    const onward = (): boolean => {
      const { editor } = this;
      if (!isInTable(editor.state)) return false;
      if (editor.can().sinkListItem("listItem")) return editor.commands.sinkListItem("listItem");
      if (goToNextCell(1)(editor.state, editor.view.dispatch)) return true;
      addRowAfter(editor.state, editor.view.dispatch);
      return goToNextCell(1)(editor.state, editor.view.dispatch);
    };
    const out = (): boolean => {
      const step = stepOut(this.editor.state);
      if (step) this.editor.view.dispatch(step);
      return !!step;
    };
    const clear = (): boolean => {
      const { selection } = this.editor.state;
      const all = selection instanceof CellSelection && selection.isRowSelection() && selection.isColSelection();
      return all && deleteTable(this.editor.state, this.editor.view.dispatch);
    };
    const back = (): boolean => isInTable(this.editor.state) && (this.editor.commands.liftListItem("listItem") || goToNextCell(-1)(this.editor.state, this.editor.view.dispatch));
    return { Tab: onward, "Shift-Tab": back, Escape: out, Backspace: clear, Delete: clear };
  },
  addProseMirrorPlugins: () => [tableEditing(), new Plugin({ props: { decorations: ({ doc }) => heads(doc) } })],
});

export const Row = Node.create({
  name: "row",
  content: "cell*",
  parseHTML: () => [{ tag: "tr" }],
  renderHTML: () => ["tr", 0],
});

export const Cell = Node.create({
  name: "cell",
  content: "block+",
  isolating: true,
  addAttributes: () => ({ colspan: unsaid(1), rowspan: unsaid(1), colwidth: unsaid(null) }),
  parseHTML: () => [{ tag: "td" }, { tag: "th" }],
  renderHTML: () => ["td", 0],
});
