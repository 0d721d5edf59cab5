// The toolbar of a rich-text field: buttons, and the small questions for a link, an image or a person's name.

import type { Editor } from "@tiptap/core";

type Act = (editor: Editor, root: HTMLElement) => void;

const ACTS: Record<string, Act> = {
  bold: (editor) => editor.chain().focus().toggleBold().run(),
  italic: (editor) => editor.chain().focus().toggleItalic().run(),
  bullets: (editor) => editor.chain().focus().toggleBulletList().run(),
  numbers: (editor) => editor.chain().focus().toggleOrderedList().run(),
  link: (editor, root) => ask(root, "link", { href: editor.getAttributes("link")["href"] ?? "" }),
  image: (editor, root) => ask(root, "image", { src: "", alt: "", ...editor.getAttributes("image") }),
  person: (editor, root) => ask(root, "person", { attribute: "name", fallback: "", ...editor.getAttributes("person") }),
};

const MARKED: Record<string, string> = { bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList", link: "link" };

const ANSWERS: Record<string, (editor: Editor, said: Record<string, string>) => void> = {
  link: (editor, { href = "" }) => {
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) return void chain.unsetLink().run();
    const address = addressOf(href);
    if (editor.state.selection.empty && !editor.isActive("link")) {
      chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href: address } }] }).run();
    } else chain.setLink({ href: address }).run();
  },
  image: (editor, { src = "", alt = "" }) => void (src && editor.chain().focus().insertContent({ type: "image", attrs: { src: addressOf(src), alt } }).run()),
  person: (editor, { attribute = "", fallback = "" }) =>
    void editor.chain().focus().insertContent({ type: "person", attrs: { attribute: attribute || "name", fallback } }).run(),
};

/** Make the buttons of a field work. */
export function bindBar(root: HTMLElement, editor: Editor): void {
  const bar = root.querySelector<HTMLElement>("[data-bar]");
  if (!bar) return;
  bar.hidden = false;
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>("[data-do]")];
  buttons.forEach((button, at) => {
    button.tabIndex = at ? -1 : 0;
    button.addEventListener("click", () => ACTS[button.dataset["do"] ?? ""]?.(editor, root));
  });
  bar.addEventListener("keydown", (event) => walk(event, buttons));
  root.querySelectorAll<HTMLElement>("[data-ask]").forEach((panel) => bindAsk(panel, editor));
  editor.on("transaction", () => press(buttons, editor));
  root.addEventListener("keydown", (event) => toBar(event, editor, buttons));
  press(buttons, editor);
}

/** Arrows walk the toolbar, which is one stop for Tab. */
function walk(event: KeyboardEvent, buttons: HTMLButtonElement[]): void {
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const forward = getComputedStyle(buttons[0] as Element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  const next = to === undefined ? undefined : buttons[(to + buttons.length) % buttons.length];
  if (!next) return;
  event.preventDefault();
  buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
  next.focus();
}

/** Alt+F10 goes to the toolbar, Ctrl+K or ⌘K asks for a link, as in other editors. */
function toBar(event: KeyboardEvent, editor: Editor, buttons: HTMLButtonElement[]): void {
  if (!editor.isFocused) return;
  if (event.altKey && event.key === "F10") buttons.find((button) => button.tabIndex === 0)?.focus();
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") buttons.find((button) => button.dataset["do"] === "link")?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function press(buttons: HTMLButtonElement[], editor: Editor): void {
  for (const button of buttons) {
    const name = MARKED[button.dataset["do"] ?? ""];
    if (name) button.setAttribute("aria-pressed", String(editor.isActive(name)));
  }
}

function ask(root: HTMLElement, name: string, values: Record<string, string>): void {
  for (const panel of root.querySelectorAll<HTMLElement>("[data-ask]")) panel.hidden = panel.dataset["ask"] !== name;
  const fields = [...root.querySelectorAll<HTMLInputElement>(`[data-ask="${name}"] [data-say]`)];
  for (const field of fields) field.value = values[field.dataset["say"] ?? ""] ?? "";
  fields[0]?.focus();
  fields[0]?.select();
}

function bindAsk(panel: HTMLElement, editor: Editor): void {
  const done = (): void => {
    const said = [...panel.querySelectorAll<HTMLInputElement>("[data-say]")].map((field) => [field.dataset["say"] ?? "", field.value.trim()]);
    panel.hidden = true;
    ANSWERS[panel.dataset["ask"] ?? ""]?.(editor, Object.fromEntries(said) as Record<string, string>);
  };
  const leave = (): void => {
    panel.hidden = true;
    editor.commands.focus();
  };
  panel.querySelector("[data-yes]")?.addEventListener("click", done);
  panel.querySelector("[data-no]")?.addEventListener("click", leave);
  for (const name of ["input", "change"]) panel.addEventListener(name, (event) => event.stopPropagation()); // not part of the form
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    event.stopPropagation();
    event.key === "Enter" ? done() : leave();
  });
}

/** What was typed, as an address: a bare domain means https. */
function addressOf(typed: string): string {
  return /^([a-z][a-z0-9+.-]*:|\/(?!\/)|#)/i.test(typed) ? typed : `https://${typed}`;
}
