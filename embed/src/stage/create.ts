/** The kit: one element at the end of the body, what renderers draw with, and the stage they show on. */

import { stand } from "../position/anchored";
import { watch } from "../target/watch";
import { files, json, known, life, listen, matchesPage, onPage, page, whoKey } from "../core/exports";
import { clicks } from "../ui/page-clicks";
import { el, icon, paper } from "../ui/dom";
import { keep, leaveHome } from "../ui/root";
import type { FullKit, Look, Stage } from "../types/contracts";
import css from "../ui/kit.css";
import { learned } from "../ui/extensions";
import { recall, turnMemory } from "./progress";
import { directionOf, say, speak } from "../ui/strings";
import { adopt } from "../ui/stylesheets";
import { catchUp, clearStage, receive, stateOf } from "./scheduler";
import { dialog, hear, painted } from "../ui/surface";
import { type Doc, plainText } from "../richtext/plain";
import { dress } from "../ui/theme";

/** Frameworks of the host page are asked to leave our element alone. */
const INERT = { "ng-non-bindable": "", "v-pre": "", "hx-ignore": "", "x-ignore": "" };


export let kit: FullKit;

/** Called by the runtime, once: the stage on which guides show. */
export function createStage(look: Look): Stage {
  kit = createKit(look);
  // what was done here before somebody signed in is theirs
  turnMemory(whoKey(""));
  turnMemory(whoKey(), true);
  life.signal.addEventListener("abort", () => {
    clearStage();
    leaveHome();
  });
  return {
    receive,
    ask: () => catchUp(true),
    turnTo(who, same) {
      if (!same) clearStage();
      turnMemory(who, same);
    },
    sync: catchUp,
    stateOf,
    itemOf: (id) => recall(id).item,
    dress: kit.dress,
  };
}

/** The kit alone, as the preview needs it. */
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
  return {
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
  };
}

/** What in a body needs a file of its own: addresses, marks and all blocks but plain paragraphs; steps that do more; windows and cards. */
const PARTS: Record<string, RegExp> = { rich: /"(do":"open|type":"(?!doc"|paragraph|text"|person|break))/, extra: /"(closable|around|outside|also|ask_before_close|only|time)"/, shapes: /"layout":"[ms]/ };

/** Draws anew what says something about the person and is on screen, when it would say something else by now. */
let named: (() => void)[] = [];

function text(doc: Doc): DocumentFragment {
  const draw = (): DocumentFragment => (learned.renderText ?? plainText)(doc, known(), paper);
  const drawn = draw();
  const [first] = drawn.childNodes;
  const words = drawn.textContent;
  if (first && json(doc).includes('"person"'))
    named = [...named.slice(-9), () => first.isConnected && draw().textContent !== words && (first.parentNode as Element).replaceChildren(text(doc))];
  return drawn;
}

/** Load what is needed to draw this body; where the server saw that coming it is on its way. */
export async function learnFor(body: unknown, { root } = kit): Promise<void> {
  for (const part of await Promise.all(Object.keys(PARTS).filter((name) => PARTS[name]!.test(json(body))).map(files.load))) {
    Object.assign(learned, part);
    adopt(root, (part as { css: string }).css);
  }
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
