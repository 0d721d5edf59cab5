// The rich-text field of the admin: takes over a plain textarea and keeps its tree in the hidden field beside it.

import { Editor } from "@tiptap/core";
import { bindToolbar } from "./toolbar";
import { extensions } from "./schema";
import { openTree } from "./load";
import { cleanHtml } from "./paste";
import { lengthOf, type Node, toTree, type Tree } from "./convert";

const editors = new Map<HTMLElement, Editor>();

function mount(root: HTMLElement): void {
  const plain = root.querySelector<HTMLTextAreaElement>("[data-plain]");
  const hidden = root.querySelector<HTMLInputElement>("[data-tree]");
  if (!plain || !hidden || editors.has(root)) return;
  const content = contentOf(hidden.value);
  if (!content) return; // a tree this editor cannot hold stays plain text
  const surface = document.createElement("div");
  plain.before(surface);
  const editor = new Editor({
    element: surface,
    extensions,
    content,
    injectCSS: false,
    textDirection: "auto",
    editable: !plain.readOnly,
    editorProps: { attributes: namesOf(plain), transformPastedHTML: cleanHtml },
    onUpdate: ({ editor: changed }) => saveTree(root, hidden, changed),
  });
  plain.hidden = plain.disabled = true;
  editors.set(root, editor);
  count(root, hidden);
  if (!plain.readOnly) bindToolbar(root, editor);
}

function contentOf(stored: string): Node | null {
  try {
    const tree = JSON.parse(stored) as Tree;
    return tree?.type === "doc" ? openTree(tree) : null;
  } catch {
    return null;
  }
}

function namesOf(plain: HTMLTextAreaElement): Record<string, string> {
  const names: Record<string, string> = { class: "rte-body", id: plain.id, role: "textbox", "aria-multiline": "true" };
  for (const name of ["aria-labelledby", "aria-describedby", "aria-invalid"]) {
    const value = plain.getAttribute(name);
    if (value) names[name] = value;
  }
  plain.removeAttribute("id");
  return names;
}

function saveTree(root: HTMLElement, hidden: HTMLInputElement, editor: Editor): void {
  hidden.value = JSON.stringify(toTree(editor.getJSON() as Node));
  count(root, hidden);
  hidden.dispatchEvent(new Event("input", { bubbles: true }));
}

function count(root: HTMLElement, hidden: HTMLInputElement): void {
  const shown = root.closest(".field")?.querySelector("[data-count]");
  if (shown) shown.textContent = String(lengthOf(JSON.parse(hidden.value) as Tree));
}

function refresh(): void {
  for (const [root, editor] of editors) {
    if (root.isConnected) continue;
    editor.destroy();
    editors.delete(root);
  }
  document.querySelectorAll<HTMLElement>("[data-rich]").forEach(mount);
}

document.addEventListener("htmx:after:swap", refresh);
document.addEventListener("htmx:after:settle", refresh);
refresh();
