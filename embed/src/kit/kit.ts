/** The kit: one element at the end of the body, and what renderers draw with. */

import { listen, onPage, page } from "../core/exports";
import { anchorSurface } from "../position/anchored";
import { plainText } from "../richtext/plain";
import { matchesPage } from "../rules/exports";
import { watch } from "../target/watch";
import type { FullKit, Appearance } from "../types/contracts";
import type { Surface } from "../types/kit";
import { el, icon } from "../ui/dom";
import { extensions } from "../ui/extensions";
import { onPageClick } from "../ui/page-clicks";
import { mountRoot } from "../ui/root";
import { directionOf, t, setLanguage } from "../ui/strings";
import { addStylesheet } from "../ui/stylesheets";
import { createSurface, listenToPage, painted } from "../ui/surface";
import { applyTheme } from "../ui/theme";
import css from "./kit.css";

/** Attributes that tell frameworks of the host page to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };

/** Added by the chunk that Feature.MOUNT loads. */
type MountAbility = "mount" | "launcher" | "watchAll" | "listings";

export let kit: FullKit;

/** Creates the kit of this page, once. */
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
    extensions.redrawTexts?.();
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
    text: (doc) => (extensions.drawText ?? plainText)(doc),
    t,
    announce: announcer(liveRegion),
    surface: (options) => (extensions.surface ?? createSurface)(root, options),
    anchor: (surface, ...given) => anchorSurface(root, surface as Surface, ...given),
    watch,
    matches: (pattern) => matchesPage(pattern, page.url),
    onPage,
    painted,
    onClick,
  } satisfies Omit<FullKit, MountAbility> as unknown as FullKit);
}

/** Announces a text through a live region that exists already, as screen readers need. */
function announcer(liveRegion: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    liveRegion.textContent = text;
    timer = setTimeout(() => (liveRegion.textContent = ""), 1000);
  };
}

function onClick(element: () => Element | null, listener: () => void): () => void {
  return onPageClick((path) => path.includes(element()!) && listener());
}
