/** Asks before a tour is closed: by the close button, by Escape or by a click outside. */

import { dialog, el } from "../ui/exports";
import type { Showing, Surface } from "../types/kit";
import { word } from "./strings";

type Close = (reason: string) => void;

/** Ways to close that ask first. */
export const asks = new WeakSet<Close>();
let question: Surface | undefined;
let about: Close | undefined;

export const isAsking = (): boolean => !!question;

export function leaving(showing: Showing<unknown>): void {
  if (!(showing.body as { ask_before_close?: boolean }).ask_before_close) return;
  const { root, dismiss } = showing;
  const close = (reason: string): void => (/^(close|escape|outside)$/.test(reason) ? ask(root, close, () => dismiss(reason)) : dismiss(reason));
  asks.add((showing.dismiss = close));
}

/** Whatever the question was about is gone. */
export function drop(close: Close): void {
  if (close === about) over();
}

function over(): void {
  const asked = question;
  question = about = undefined;
  asked?.hide();
}

function ask(root: ShadowRoot, close: Close, leave: () => void): void {
  if (question) return;
  const held = (root.activeElement ?? document.activeElement) as HTMLElement | null;
  const back = (): void => {
    over();
    held?.focus?.({ preventScroll: true });
  };
  const button = (said: string, more: string, act: () => void): HTMLElement => el("button", { type: "button", class: "btn" + more, onclick: act }, said);
  const title = el("h2", { class: "title" }, word("ask"));
  const stay = button(word("stay"), " btn-main", back);
  about = close;
  question = dialog(root, { modal: true, role: "alertdialog", class: "asks dim", title, text: null, label: "", close: back });
  question.node.setAttribute("closedby", "none");
  question.node.append(
    title,
    el("div", { class: "actions" }, button(word("leave"), "", () => (back(), leave())), stay),
  );
  question.show();
  stay.focus();
}
