/** The kit: one element at the end of the body, and what renderers draw with. */

import type { RichText } from "bodies";
import { json, known, listen, onPage, page } from "../core/exports";
import { stand } from "../position/anchored";
import { plainText } from "../richtext/plain";
import { matchesPage } from "../rules/exports";
import { watch } from "../target/watch";
import type { FullKit, Look } from "../types/contracts";
import { el, icon, paper } from "../ui/dom";
import { learned } from "../ui/extensions";
import { clicks } from "../ui/page-clicks";
import { keep } from "../ui/root";
import { directionOf, say, speak } from "../ui/strings";
import { adopt } from "../ui/stylesheets";
import { dialog, hear, painted } from "../ui/surface";
import { dress } from "../ui/theme";
import css from "./kit.css";

/** Frameworks of the host page are asked to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };

export let kit: FullKit;

/** Make the kit of this page, once. */
export function createKit(first: Look): FullKit {
  const element = el("handrail-root", INERT);
  const root = element.attachShadow({ mode: "open" });
  const live = el("div", { class: "hr-live", role: "status" });
  let look = first;
  const wear = (next: Look): void => {
    look = next;
    speak(look.locale, look.strings);
    element.lang = look.locale;
    element.dir = directionOf(look.locale);
    dress(element, look);
    named.forEach((again) => again());
  };
  adopt(root, css);
  root.append(live);
  wear(first);
  keep(element);
  hear();
  listen("change", () => wear(look), matchMedia("(prefers-color-scheme: dark)"));
  return (kit = {
    root,
    adopt: (css) => adopt(root, css),
    dress: wear,
    el,
    icon,
    text,
    say,
    announce: announcer(live),
    surface: (options) => (learned.surface ?? dialog)(root, options),
    stand: (...given) => stand(root, ...given),
    watch,
    matches: (pattern) => matchesPage(pattern, page.url),
    onPage,
    painted,
    onClick,
  });
}

/** Draws anew what says something about the person and is on screen, when it would say something else by now. */
let named: (() => void)[] = [];

function text(doc: RichText): DocumentFragment {
  const draw = (): DocumentFragment => (learned.renderText ?? plainText)(doc, known(), paper);
  const drawn = draw();
  const [first] = drawn.childNodes;
  const words = drawn.textContent;
  if (first && json(doc).includes('"person"'))
    named = [...named.slice(-9), () => first.isConnected && draw().textContent !== words && (first.parentNode as Element).replaceChildren(text(doc))];
  return drawn;
}

/** Say it once; the region was there before, so it is heard. */
function announcer(live: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    live.textContent = text;
    timer = setTimeout(() => (live.textContent = ""), 1000);
  };
}

function onClick(element: () => Element | null, clicked: () => void): () => void {
  return clicks((path) => path.includes(element()!) && clicked());
}
