/** Finds picked elements for the guides on this page; loaded with the first of them, and the search by score when it is needed. */

import type { Fingerprint, Target } from "bodies";
import type { Props } from "../types/kit";
import { files, warn } from "../core/exports";
import { placeOf, quick } from "./fast-match";
import { fold, textOf, visible, worth } from "./describe";
import type { Resolution, ScoredMatchChunk } from "../types/contracts";

interface State {
  found: Resolution | null;
  /** What the element found said and had. */
  mark: string;
  steps?: Generator<void, Resolution> | undefined;
  /** When it may be looked for again, and when the one found was last looked at. */
  next: number;
  seen: number;
  /** How often in a row it was not found, and how long the search took, in milliseconds. */
  missed: number;
  spent: number;
}

const SLICE = 8;
const AGAIN = 100;
const MOST = 4;
const SETTLED = 500;
const STRICT = { loose: -0.06, usual: 0, strict: 0.12 };
const states = new WeakMap<Target, State>();
let scored: ScoredMatchChunk["search"] | undefined;
let loading: Promise<unknown> | undefined;

const stateOf = (target: Target): State => {
  const state = states.get(target) ?? { found: null, mark: "", next: 0, seen: 0, missed: 0, spent: 0 };
  states.set(target, state);
  return state;
};

/** The element found last while it is there; `tell` is called when there is news. */
export function find(target: Target, tell: () => void): Element | null {
  const state = stateOf(target);
  const now = performance.now();
  let element = state.found?.element;
  if (element && !(element.isConnected && visible(element))) state.found = element = null;
  if (element && now - state.seen < SETTLED) return element;
  state.seen = now;
  // frameworks use nodes again for something else: what changed is looked for anew, while the old one stays
  if ((!element || markOf(target, element) !== state.mark) && !state.steps && now >= state.next) look(target, state, tell);
  return state.found?.element ?? null;
}

const markOf = ({ print }: Target, element: Element): string => textOf(element) + Object.keys(print!.attributes).map((name) => worth(name, element.getAttribute(name)));

function look(target: Target, state: State, tell: () => void): void {
  const { refine } = target;
  const print = refine?.text === "ignore" ? deaf(target.print!) : target.print!;
  const place = placeOf(print.within);
  const fail = (reason: Resolution["reason"]): void => decide(target, state, { element: null, reason, score: 0, margin: 0, path: "fast" }, 0, tell);
  if (typeof place === "string") return fail(place);
  const element = refine?.row || refine?.nth ? null : quick(print, place);
  if (element) return decide(target, state, { element, reason: "", score: 1, margin: 1, path: "fast" }, 0);
  loading ??= files.load("scored-match").then((loaded) => {
    scored = loaded.search;
    tell();
  }, warn);
  if (!scored) return;
  state.steps = scored(print, place, STRICT[refine?.strict ?? "usual"], refine && { row: fold(refine.row), nth: refine.nth });
  advance(target, state, tell);
}

/** Go on for some milliseconds, and later again, until it is decided. */
function advance(target: Target, state: State, tell: () => void, isLater?: boolean): void {
  const began = performance.now();
  for (;;) {
    const { done, value } = state.steps!.next();
    const took = performance.now() - began;
    if (done) {
      decide(target, state, value, state.spent + took, tell);
      if (isLater) tell();
      return;
    }
    if (took <= SLICE) continue;
    state.spent += took;
    break;
  }
  setTimeout(() => advance(target, state, tell, true));
}

function decide(target: Target, state: State, found: Resolution, took: number, tell?: () => void): void {
  const { element } = found;
  const now = performance.now();
  state.missed = element ? 0 : state.missed + 1;
  // what is missing is looked for less and less often, and the less the longer that takes
  const wait = Math.max(AGAIN * 2 ** Math.min(state.missed, MOST), 10 * took);
  Object.assign(state, { found, steps: undefined, spent: 0, seen: now, next: now + wait, mark: element ? markOf(target, element) : "" });
  if (!element && tell) setTimeout(tell, wait);
}

/** A print that does not mind what is written on the element. */
const deaf = (print: Fingerprint): Fingerprint => ({ ...print, power: print.power.replace(/^(.{4})./, "$1" + 0), text: "" });

/** As props of an event: why it was not found; or how well, told of one in four. */
export function say(target: Target): Props | undefined {
  const { element, reason, path, score, margin } = stateOf(target).found ?? {};
  const round = (value = 0): number => Math.round(value * 100) / 100;
  if (!element) return { reason: reason || "no-candidate" };
  return Math.random() < 0.25 ? { path: path!, score: round(score), margin: round(margin) } : undefined;
}
