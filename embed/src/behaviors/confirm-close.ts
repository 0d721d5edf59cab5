/** Asks for confirmation before a guide is closed by the close button, by Escape or by a click outside. */

import { createSurface, el } from "../ui/exports";
import type { Showing, Surface } from "../types/kit";
import { t } from "./strings";

type Close = (reason: string) => void;

/** The `close` functions that ask for confirmation first. */
export const confirming = new WeakSet<Close>();
let question: Surface | undefined;
let pendingClose: Close | undefined;

export const isAskingToClose = (): boolean => !!question;

export function confirmClose(showing: Showing<unknown>): void {
  if (!(showing.body as { ask_before_close?: boolean }).ask_before_close) return;
  const { root, dismiss } = showing;
  const close = (reason: string): void => (/^(close|escape|outside)$/.test(reason) ? askFirst(root, close, () => dismiss(reason)) : dismiss(reason));
  confirming.add((showing.dismiss = close));
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
