/** Asks before a tour is closed: by the close button, by Escape or by a click outside. */

import { createSurface, el } from "../ui/exports";
import type { Showing, Surface } from "../types/kit";
import { t } from "./strings";

type Close = (reason: string) => void;

/** Ways to close that ask first. */
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

/** Whatever the question was about is gone. */
export function cancelFor(close: Close): void {
  if (close === pendingClose) closeQuestion();
}

function closeQuestion(): void {
  const asked = question;
  question = pendingClose = undefined;
  asked?.hide();
}

function askFirst(root: ShadowRoot, close: Close, leave: () => void): void {
  if (question) return;
  const focused = (root.activeElement ?? document.activeElement) as HTMLElement | null;
  const back = (): void => {
    closeQuestion();
    focused?.focus?.({ preventScroll: true });
  };
  const button = (said: string, more: string, act: () => void): HTMLElement => el("button", { type: "button", class: "btn" + more, onclick: act }, said);
  const title = el("h2", { class: "title" }, t("ask"));
  const stay = button(t("stay"), " btn-main", back);
  pendingClose = close;
  question = createSurface(root, { modal: true, role: "alertdialog", class: "confirm dim", title, text: null, label: "", close: back });
  question.node.setAttribute("closedby", "none");
  question.node.append(
    title,
    el("div", { class: "actions" }, button(t("leave"), "", () => (back(), leave())), stay),
  );
  question.show();
  stay.focus();
}
