// The small questions of a rich-text field: for a link, an image, a video, a button or a person's name.

import type { Editor } from "@tiptap/core";
import { isImage, isLink } from "../richtext/links";
import { addButton, change, findSelected, insertBlock } from "./commands";
import { videoOf } from "./video-url";

/** Opens a question; `changes` when the answer is to change what is selected. */
export type OpenPrompt = (name: string, values: Record<string, string>, changes?: boolean) => void;

type Answers = Record<string, string>;

/** Each answer does its work, or says which of the fields is wrong. */
const ANSWERS: Record<string, (editor: Editor, said: Answers, changes: boolean) => string | void> = {
  link: (editor, { href = "" }) => {
    if (!href) return void editor.chain().extendMarkRange("link").unsetLink().run();
    const address = addressOf(href);
    if (!isLink(address)) return "href";
    const chain = editor.chain().extendMarkRange("link");
    if (editor.state.selection.empty && !editor.isActive("link")) {
      chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href: address } }] }).run();
    } else chain.setLink({ href: address }).run();
  },
  image: (editor, { src = "", alt = "" }) => (isImage(addressOf(src)) ? insertOrChange(editor, "image", { src: addressOf(src), alt }) : "src"),
  video: (editor, { address = "", title = "" }) => {
    const film = videoOf(addressOf(address));
    return film ? insertOrChange(editor, "video", { ...film, title }) : "address";
  },
  button: (editor, { label = "", href = "", look = "main" }, changes) => {
    const values = { label, href: addressOf(href), look };
    if (!label) return "label";
    if (!isLink(values.href)) return "href";
    changes ? change(editor, values) : addButton(editor, values);
  },
  person: (editor, { attribute = "", fallback = "" }) =>
    void editor.chain().insertContent({ type: "person", attrs: { attribute: attribute || "name", fallback } }).run(),
};

/** Make the questions of a field work; hands back the way to ask. */
export function bindPrompts(root: HTMLElement, editor: Editor): OpenPrompt {
  root.querySelectorAll<HTMLElement>("[data-ask]").forEach((panel) => bindPrompt(panel, editor));
  return (name, values, changes = false) => {
    for (const panel of root.querySelectorAll<HTMLElement>("[data-ask]")) {
      panel.hidden = panel.dataset["ask"] !== name;
      panel.toggleAttribute("data-changes", changes);
      showError(panel);
    }
    const fields = fieldsOf(root.querySelector(`[data-ask="${name}"]`)!);
    for (const field of fields) field.value = values[field.dataset["say"] ?? ""] ?? "";
    fields[0]?.focus();
    if (fields[0] instanceof HTMLInputElement) fields[0].select();
  };
}

function insertOrChange(editor: Editor, type: string, attrs: Record<string, string>): void {
  findSelected(editor.state, type) ? change(editor, attrs) : insertBlock(editor, { type, attrs });
}

function fieldsOf(panel: Element): (HTMLInputElement | HTMLSelectElement)[] {
  return [...panel.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-say]")];
}

/** Shows what is wrong with one field, and takes back what was said of the others. */
function showError(panel: HTMLElement, wrong?: string | void): void {
  for (const field of fieldsOf(panel)) {
    const name = field.dataset["say"];
    const sentence = panel.querySelector<HTMLElement>(`[data-wrong="${name}"]`);
    if (sentence) sentence.hidden = name !== wrong;
    name === wrong ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid");
    if (name === wrong) field.focus();
  }
}

function bindPrompt(panel: HTMLElement, editor: Editor): void {
  const close = (): void => {
    panel.hidden = true;
    editor.view.focus();
  };
  const submit = (): void => {
    const answers = Object.fromEntries(fieldsOf(panel).map((field) => [field.dataset["say"] ?? "", field.value.trim()]));
    const wrong = ANSWERS[panel.dataset["ask"] ?? ""]?.(editor, answers, panel.hasAttribute("data-changes"));
    showError(panel, wrong);
    panel.hidden = !wrong;
    if (!wrong) editor.view.focus();
  };
  panel.querySelector("[data-yes]")?.addEventListener("click", submit);
  panel.querySelector("[data-no]")?.addEventListener("click", close);
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation()); // not part of the form
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    event.stopPropagation();
    event.key === "Enter" ? submit() : close();
  });
}

/** What was typed, as an address: a bare domain means https. */
function addressOf(typed: string): string {
  return /^([a-z][a-z0-9+.-]*:|\/(?!\/)|#)/i.test(typed) ? typed : `https://${typed}`;
}
