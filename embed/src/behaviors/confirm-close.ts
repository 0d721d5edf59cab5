/** Asks for confirmation before a guide is closed by the close button, by Escape or by a click outside. */

import { createSurface, el } from "../ui/exports";
import type { DismissReason, Surface } from "../types/kit";
import { t } from "./strings";

type Close = (reason: DismissReason) => void;

let question: Surface | undefined;
let pendingClose: Close | undefined;

export const isAskingToClose = (): boolean => !!question;

/** A `close` that asks for confirmation first. */
export function confirmClose(root: ShadowRoot, close: Close): Close {
  const ask: Close = (reason) => askFirst(root, ask, () => close(reason));
  return ask;
}

/** Closes the question when its surface is gone. */
export function cancelFor(close: Close): void {
  if (close === pendingClose) closeQuestion();
}

function closeQuestion(): void {
  const closing = question;
  question = pendingClose = undefined;
  closing?.hide();
}

function askFirst(root: ShadowRoot, close: Close, leave: () => void): void {
  if (question) return;
  const focused = (root.activeElement ?? document.activeElement) as HTMLElement | null;
  const returnToGuide = (): void => {
    closeQuestion();
    focused?.focus?.({ preventScroll: true });
  };
  const button = (label: string, className: string, onclick: () => void): HTMLElement => el("button", { type: "button", class: "btn" + className, onclick: onclick }, label);
  const title = el("h2", { class: "title" }, t("ask"));
  const stay = button(t("stay"), " btn-main", returnToGuide);
  pendingClose = close;
  question = createSurface(root, { modal: true, role: "alertdialog", class: "confirm dim", title, text: null, label: "", close: returnToGuide });
  question.node.setAttribute("closedby", "none");
  question.node.append(
    title,
    el("div", { class: "actions" }, button(t("leave"), "", () => (returnToGuide(), leave())), stay),
  );
  question.show();
  stay.focus();
}
