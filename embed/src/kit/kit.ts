/** The kit: one element at the end of the body, and what renderers draw with. */

import type { RichText } from "bodies";
import { json, personAttributes, listen, onPage, page } from "../core/exports";
import { anchorSurface } from "../position/anchored";
import { plainText } from "../richtext/plain";
import { matchesPage } from "../rules/exports";
import { watch } from "../target/watch";
import type { FullKit, Appearance } from "../types/contracts";
import { el, icon, safeDocument } from "../ui/dom";
import { extensions } from "../ui/extensions";
import { onPageClick } from "../ui/page-clicks";
import { mountRoot } from "../ui/root";
import { directionOf, t, setLanguage } from "../ui/strings";
import { addStylesheet } from "../ui/stylesheets";
import { createSurface, listenToPage, painted } from "../ui/surface";
import { applyTheme } from "../ui/theme";
import css from "./kit.css";

/** Frameworks of the host page are asked to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };

export let kit: FullKit;

/** Make the kit of this page, once. */
export function createKit(first: Appearance): FullKit {
  const element = el("handrail-root", INERT);
  const root = element.attachShadow({ mode: "open" });
  const liveRegion = el("div", { class: "hr-live", role: "status" });
  let appearance = first;
  const applyAppearance = (next: Appearance): void => {
    appearance = next;
    setLanguage(appearance.locale, appearance.strings);
    element.lang = appearance.locale;
    element.dir = directionOf(appearance.locale);
    applyTheme(element, appearance);
    personalTexts.forEach((again) => again());
  };
  addStylesheet(root, css);
  root.append(liveRegion);
  applyAppearance(first);
  mountRoot(element);
  listenToPage();
  listen("change", () => applyAppearance(appearance), matchMedia("(prefers-color-scheme: dark)"));
  return (kit = {
    root,
    addStylesheet: (css) => addStylesheet(root, css),
    applyAppearance,
    el,
    icon,
    text,
    t,
    announce: announcer(liveRegion),
    surface: (options) => (extensions.surface ?? createSurface)(root, options),
    anchor: (...given) => anchorSurface(root, ...given),
    watch,
    matches: (pattern) => matchesPage(pattern, page.url),
    onPage,
    painted,
    onClick,
  });
}

/** Draws anew what says something about the person and is on screen, when it would say something else by now. */
let personalTexts: (() => void)[] = [];

function text(doc: RichText): DocumentFragment {
  const draw = (): DocumentFragment => (extensions.renderText ?? plainText)(doc, personAttributes(), safeDocument);
  const fragment = draw();
  const [first] = fragment.childNodes;
  const shownText = fragment.textContent;
  if (first && json(doc).includes('"person"'))
    personalTexts = [...personalTexts.slice(-9), () => first.isConnected && draw().textContent !== shownText && (first.parentNode as Element).replaceChildren(text(doc))];
  return fragment;
}

/** Say it once; the region was there before, so it is heard. */
function announcer(liveRegion: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    liveRegion.textContent = text;
    timer = setTimeout(() => (liveRegion.textContent = ""), 1000);
  };
}

function onClick(element: () => Element | null, clicked: () => void): () => void {
  return onPageClick((path) => path.includes(element()!) && clicked());
}
