/** Draws rich text for the person of this page, and again when an attribute that it mentions has changed. */

import type { RichText } from "bodies";
import { json, personAttributes } from "../core/exports";
import { safeDocument } from "../ui/dom";
import { renderText } from "./render";

/** Redraws texts on screen that mention the person; the ten latest. */
let personalTexts: (() => void)[] = [];

export function drawText(doc: RichText): DocumentFragment {
  const draw = (): DocumentFragment => renderText(doc, personAttributes(), safeDocument);
  const fragment = draw();
  const [first] = fragment.childNodes;
  const shownText = fragment.textContent;
  if (first && json(doc).includes('"person"'))
    personalTexts = [...personalTexts.slice(-9), () => first.isConnected && draw().textContent !== shownText && (first.parentNode as Element).replaceChildren(drawText(doc))];
  return fragment;
}

/** Draws these texts again where they have changed. */
export const redrawTexts = (): void => personalTexts.forEach((again) => again());
