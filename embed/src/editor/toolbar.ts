// The toolbars of a rich-text field: one for all of it, and one for the table, the columns or the block that the cursor is in.

import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";
import { ACTIONS, IDLE, PRESSED } from "./toolbar-actions";
import { bindPrompts } from "./prompts";

type Buttons = HTMLButtonElement[];

/** Make the buttons of a field work. */
export function bindToolbar(root: HTMLElement, editor: Editor): void {
  const bars = [...root.querySelectorAll<HTMLElement>("[data-bar], [data-about]")];
  const main = root.querySelector<HTMLElement>("[data-bar]");
  if (!main) return;
  main.hidden = false;
  const ask = bindPrompts(root, editor);
  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element && target.closest<HTMLButtonElement>("[data-do]");
    if (button && button.getAttribute("aria-disabled") !== "true") ACTIONS[button.dataset["do"] ?? ""]?.(editor, ask);
  });
  bars.forEach(bindArrowKeys);
  const follow = (): void => updateButtons(root, editor);
  editor.on("transaction", follow);
  root.addEventListener("keydown", (event) => onShortcut(event, editor, root));
  follow();
}

function bindArrowKeys(bar: HTMLElement): void {
  const buttons = [...bar.querySelectorAll<HTMLButtonElement>(":scope > button, :scope > span > button")];
  buttons.forEach((button, at) => (button.tabIndex = at ? -1 : 0));
  bar.addEventListener("keydown", (event) => moveFocus(event, buttons));
}

/** Arrows walk a toolbar, which is one stop for Tab. */
function moveFocus(event: KeyboardEvent, buttons: Buttons): void {
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const forward = getComputedStyle(buttons[0] as Element).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
  const next = at < 0 || to === undefined ? undefined : buttons[(to + buttons.length) % buttons.length];
  if (!next) return;
  event.preventDefault();
  buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
  next.focus();
}

/** Alt+F10 goes to the toolbar that is nearest, Ctrl+K or ⌘K asks for a link, as in other editors. */
function onShortcut(event: KeyboardEvent, editor: Editor, root: HTMLElement): void {
  if (!editor.isFocused) return;
  const bar = root.querySelector("[data-about]:not([hidden])") ?? root.querySelector("[data-bar]");
  if (event.altKey && event.key === "F10") bar?.querySelector<HTMLElement>("button[tabindex='0']")?.focus();
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") root.querySelector<HTMLElement>("[data-do='link']")?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function updateButtons(root: HTMLElement, editor: Editor): void {
  const about = subjectOf(editor);
  for (const bar of root.querySelectorAll<HTMLElement>("[data-about]")) bar.hidden = bar.dataset["about"] !== about;
  for (const button of root.querySelectorAll<HTMLButtonElement>("[data-do]")) {
    const name = button.dataset["do"] ?? "";
    const [on, idle] = [PRESSED[name], IDLE[name]];
    if (on) button.setAttribute("aria-pressed", String(on(editor)));
    if (idle) button.setAttribute("aria-disabled", String(idle(editor)));
  }
}

/** The type of what is selected as a whole, or of the nearest block around the cursor that has a toolbar. */
function subjectOf({ state: { selection } }: Editor): string {
  if (selection instanceof NodeSelection && ["button", "video", "image"].includes(selection.node.type.name)) return selection.node.type.name;
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const { name } = $from.node(depth).type;
    if (["table", "columns", "callout"].includes(name)) return name;
  }
  return "";
}
