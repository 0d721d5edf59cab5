/** The kit: one element at the end of the body, and what renderers draw with. Loaded with the first guide. */

import { guard, listen, own } from "../guard";
import { el, icon } from "./dom";
import type { FullKit, KitHost, Look } from "./host";
import css from "./kit.css";
import { place, viewport } from "./place";
import { directionOf, words } from "./say";
import { spotlight } from "./spotlight";
import { Dialog, reopenAll } from "./surface";
import { renderText } from "./text";
import { dress, onScheme } from "./theme";
import { watch } from "./watch";

/** Frameworks of the host page are asked to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };

export function createKit(host: KitHost, first: Look): FullKit {
  const element = el("handrail-root", INERT);
  const root = element.attachShadow({ mode: "open" });
  const live = el("div", { class: "hr-live", role: "status", "aria-live": "polite" });
  const adopt = sheets(root);
  adopt(css);
  root.append(live);
  const kept = keep(element);
  let look = first;
  let say = words("en");
  const wear = (next: Look): void => {
    look = next;
    const locale = look.locale || "en";
    say = words(locale, look.strings);
    element.setAttribute("lang", locale);
    element.setAttribute("dir", directionOf(locale));
    dress(element, look);
  };
  wear(first);
  const unscheme = onScheme(() => wear(look));
  return {
    root,
    adopt,
    dress: wear,
    close() {
      kept();
      unscheme();
      element.remove();
    },
    el,
    icon,
    text: (doc) => renderText(doc, host.known(), document),
    say: (key, values) => say(key, values),
    announce: announcer(live),
    surface: (into, options) => new Dialog(into, options),
    place,
    spotlight,
    watch: (target, watched) => watch(host, target, watched),
    reveal,
    matches: host.matches,
    onPage: host.onPage,
    painted,
    onClick,
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

/** At the end of the body, and back again when the page swaps its body. */
function keep(element: HTMLElement): () => void {
  const attach = guard(() => {
    const body = own("body");
    if (!body || element.isConnected) return;
    body.append(element);
    eye.observe(body, { childList: true });
    reopenAll();
  });
  const eye = new MutationObserver(() => attach());
  eye.observe(own("documentElement"), { childList: true });
  attach();
  return () => eye.disconnect();
}

/** Say it once; the region was there before, so it is heard. */
function announcer(live: HTMLElement): (text: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (text) => {
    clearTimeout(timer);
    live.textContent = text;
    timer = setTimeout(() => (live.textContent = ""), 3000);
  };
}

const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

function reveal(element: Element): void {
  const { top, bottom, left, right, width, height } = element.getBoundingClientRect();
  const view = viewport();
  const seen = Math.max(0, Math.min(bottom, view.height) - Math.max(top, 0)) * Math.max(0, Math.min(right, view.width) - Math.max(left, 0));
  if (seen < 0.8 * Math.min(width * height, view.width * view.height)) element.scrollIntoView({ block: height > view.height / 2 ? "nearest" : "center", inline: "nearest", behavior: still() ? "instant" : "smooth" });
}

/** A frame, and then the moment after it: what was drawn is on the screen. */
function painted(then: () => void): () => void {
  let given = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    if (!given) guard(then)();
  };
  const frame = requestAnimationFrame(() => port2.postMessage(0));
  return () => {
    given = true;
    cancelAnimationFrame(frame);
    port1.close();
  };
}

function onClick(element: () => Element | null, clicked: () => void): () => void {
  return listen(window, "click", (event) => {
    const wanted = element();
    if (wanted && event.composedPath().includes(wanted)) clicked();
  });
}
