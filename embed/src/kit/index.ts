/** The kit: one element at the end of the body, and what renderers draw with. Loaded with the first guide. */

import type * as anchors from "../anchor";
import { files, guard, known, listen, matchesPage, onPage, page, warn, whoKey } from "../shared";
import { el, icon, own, paper } from "./dom";
import type { FullKit, Look, Stage } from "./host";
import css from "./kit.css";
import { recall, syncMemory, turnMemory } from "./memory";
import { directionOf, say, speak } from "./say";
import { ask, clearStage, end, receive, stateOf } from "./stage";
import { Dialog, raiseAll } from "./surface";
import { renderText } from "./text";
import { dress } from "./theme";

/** Frameworks of the host page are asked to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };

export * from "./shared";

export let kit: FullKit;

/** Called by the runtime, once: the stage on which guides show. */
export function createStage(look: Look): Stage {
  kit = createKit(look);
  turnMemory(whoKey());
  return {
    receive,
    ask,
    turnTo(who, same) {
      if (!same) clearStage();
      turnMemory(who, same);
    },
    sync: () => syncMemory().forEach((id) => end(id)),
    stateOf,
    itemOf: (id) => recall(id).item,
    dress: kit.dress,
    close() {
      clearStage();
      kit.close();
    },
  };
}

/** The kit alone, as the preview needs it. */
export function createKit(first: Look): FullKit {
  const element = el("handrail-root", INERT);
  const root = element.attachShadow({ mode: "open" });
  const live = el("div", { class: "hr-live", role: "status" });
  const adopt = sheets(root);
  let look = first;
  const wear = (next: Look): void => {
    look = next;
    speak(look.locale, look.strings);
    element.lang = look.locale;
    element.dir = directionOf(look.locale);
    dress(element, look);
  };
  adopt(css);
  root.append(live);
  wear(first);
  const stops = [keep(element), listen("change", () => wear(look), matchMedia("(prefers-color-scheme: dark)"))];
  return {
    root,
    adopt,
    dress: wear,
    close() {
      stops.forEach((stop) => stop());
      element.remove();
    },
    el,
    icon,
    text: (doc) => renderText(doc, known(), paper),
    say,
    announce: announcer(live),
    surface: (options) => new Dialog(root, options),
    place: (...given) => anchor.place(...given),
    spotlight: (dim) => anchor.spotlight(root, dim),
    watch,
    reveal,
    matches: (pattern) => matchesPage(pattern, page.url),
    onPage,
    painted,
    onClick,
  };
}

let anchor: typeof anchors;

/** Load the anchor where it is not there yet; who stops earlier is never called. */
function watch(...given: Parameters<typeof anchors.watch>): () => void {
  let stop: (() => void) | null | undefined;
  files.load("anchor").then((loaded) => {
    anchor = loaded as typeof anchors;
    if (stop !== null) stop = anchor.watch(...given);
  }, warn);
  return () => {
    stop?.();
    stop = null;
  };
}

/** Style sheets as objects: no style element, so no policy of the page can stop them. */
function sheets(root: ShadowRoot): (css: string) => void {
  const known = new Set<string>();
  return (text) => {
    if (known.has(text)) return;
    known.add(text);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  };
}

/** At the end of the body, and back again when the page swaps its body or writes itself anew. */
function keep(element: HTMLElement): () => void {
  const attach = guard(() => {
    const body = own("body");
    if (!body || element.isConnected) return;
    body.append(element);
    for (const place of [document, body.parentNode!, body]) eye.observe(place, { childList: true });
    raiseAll();
  });
  const eye = new MutationObserver(attach);
  attach();
  return () => eye.disconnect();
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

/** Into view, and with some room around it when it was out of sight altogether. */
function reveal(element: Element): void {
  const { top, bottom } = element.getBoundingClientRect();
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: bottom < 0 || top > innerHeight ? "center" : "nearest", inline: "nearest", behavior: isStill ? "instant" : "smooth" });
}

/** A frame, and then the moment after it: what was drawn is on the screen. */
function painted(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const frame = requestAnimationFrame(() => (timer = setTimeout(guard(then))));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

function onClick(element: () => Element | null, clicked: () => void): () => void {
  return listen("click", (event: Event) => {
    const wanted = element();
    if (wanted && event.composedPath().includes(wanted)) clicked();
  });
}
