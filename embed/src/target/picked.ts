/** Finds picked elements for the guides on this page; loads the scored match when the fast one is in doubt. */

import type { Fingerprint, Target } from "bodies";
import type { Props } from "../types/kit";
import { chunks, warn } from "../core/exports";
import { findSearchRoot, fastMatch } from "./fast-match";
import { normalizeText, textOf, visible, attributeText } from "./describe";
import type { MatchResult, ScoredMatchChunk } from "../types/contracts";

interface State {
  found: MatchResult | null;
  /** The text and attributes of the element that was found. */
  snapshot: string;
  steps?: Generator<void, MatchResult> | undefined;
  /** When the next search may start, and when the found element was last checked. */
  next: number;
  seen: number;
  /** How many searches in a row failed, and how long the current one took so far, in milliseconds. */
  missed: number;
  spent: number;
}

const SLICE_MS = 8;
const RETRY_MS = 100;
const MAX_DOUBLINGS = 4;
const RECHECK_MS = 500;
const STRICT = { loose: -0.06, usual: 0, strict: 0.12 };
const states = new WeakMap<Target, State>();
let scoredSearch: ScoredMatchChunk["search"] | undefined;
let loading: Promise<unknown> | undefined;

const stateOf = (target: Target): State => {
  const state = states.get(target) ?? { found: null, snapshot: "", next: 0, seen: 0, missed: 0, spent: 0 };
  states.set(target, state);
  return state;
};

/** The element found last, while it is visible; `onChange` is called when another answer may be there. */
export function find(target: Target, onChange: () => void): Element | null {
  const state = stateOf(target);
  const now = performance.now();
  let element = state.found?.element;
  if (element && !(element.isConnected && visible(element))) state.found = element = null;
  if (element && now - state.seen < RECHECK_MS) return element;
  state.seen = now;
  // frameworks reuse nodes for something else: a changed one is searched for again, and kept meanwhile
  if ((!element || snapshotOf(target, element) !== state.snapshot) && !state.steps && now >= state.next) startSearch(target, state, onChange);
  return state.found?.element ?? null;
}

const snapshotOf = ({ fingerprint }: Target, element: Element): string => textOf(element) + Object.keys(fingerprint!.attributes).map((name) => attributeText(name, element.getAttribute(name)));

function startSearch(target: Target, state: State, onChange: () => void): void {
  const { refine } = target;
  const fingerprint = refine?.text === "ignore" ? ignoringText(target.fingerprint!) : target.fingerprint!;
  const root = findSearchRoot(fingerprint.roots);
  const fail = (reason: MatchResult["reason"]): void => decide(target, state, { element: null, reason, score: 0, margin: 0, path: "fast" }, 0, onChange);
  if (typeof root === "string") return fail(root);
  const element = refine?.row || refine?.nth ? null : fastMatch(fingerprint, root);
  if (element) return decide(target, state, { element, reason: "", score: 1, margin: 1, path: "fast" }, 0);
  loading ??= chunks.load("scored-match").then((loaded) => {
    scoredSearch = loaded.search;
    onChange();
  }, warn);
  if (!scoredSearch) return;
  state.steps = scoredSearch(fingerprint, root, STRICT[refine?.strict ?? "usual"], refine && { row: normalizeText(refine.row), nth: refine.nth });
  advance(target, state, onChange);
}

/** Searches for some milliseconds at a time, until it is decided. */
function advance(target: Target, state: State, onChange: () => void, isLater?: boolean): void {
  const began = performance.now();
  for (;;) {
    const { done, value } = state.steps!.next();
    const took = performance.now() - began;
    if (done) {
      decide(target, state, value, state.spent + took, onChange);
      if (isLater) onChange();
      return;
    }
    if (took <= SLICE_MS) continue;
    state.spent += took;
    break;
  }
  setTimeout(() => advance(target, state, onChange, true));
}

function decide(target: Target, state: State, result: MatchResult, took: number, onChange?: () => void): void {
  const { element } = result;
  const now = performance.now();
  state.missed = element ? 0 : state.missed + 1;
  // a missing element is searched for less and less often, in proportion to the cost
  const wait = Math.max(RETRY_MS * 2 ** Math.min(state.missed, MAX_DOUBLINGS), 10 * took);
  Object.assign(state, { found: result, steps: undefined, spent: 0, seen: now, next: now + wait, mark: element ? snapshotOf(target, element) : "" });
  if (!element && onChange) setTimeout(onChange, wait);
}

/** The fingerprint without the element's text. */
const ignoringText = (fingerprint: Fingerprint): Fingerprint => ({ ...fingerprint, weights: fingerprint.weights.replace(/^(.{4})./, "$1" + 0), text: "" });

/** The outcome of the search as props of an event; successes are sampled, one in four. */
export function describeSearch(target: Target): Props | undefined {
  const { element, reason, path, score, margin } = stateOf(target).found ?? {};
  const round = (value = 0): number => Math.round(value * 100) / 100;
  if (!element) return { reason: reason || "no-candidate" };
  return Math.random() < 0.25 ? { path: path!, score: round(score), margin: round(margin) } : undefined;
}
