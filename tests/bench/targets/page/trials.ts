/** Runs in the page: picks targets, captures them, changes the page, finds them again, and counts. */

import type { Fingerprint } from "bodies";
import type { PageSurvey, Value } from "../../../../embed/src/target/features";
import { runToEnd, measure, surveyPage } from "../../../../embed/src/target/resolve";
import { visible } from "../../../../embed/src/target/selector";
import { Chance } from "./chance";
import { ENGINES } from "./engines";
import { GONE, OPERATORS, truthOf } from "./mutate";

type Outcome = "right" | "wrong" | "none";
export interface Trial {
  engine: string;
  operator: string;
  target: number;
  outcome: Outcome;
  ms: number;
}
interface Vectors {
  operator: string;
  target: number;
  /** Which of the candidates is right; -1 for none of them. */
  right: number;
  gone: boolean;
  weights: string;
  around: Pick<PageSurvey, "text" | "classes" | "ids">;
  more: readonly [number, number] | null;
  values: Value[][];
  twins: [number, number];
  now: number;
  what: string;
}

const PRESSED = "a,button,input,select,textarea,[role=button],[role=tab],summary";
const READ = "h1,h2,h3,h4,h5,h6,.card,.box,.panel,table,label,th,img,.alert,.badge";

/** Three in four that people use, the rest that they read. */
export function pick(chance: Chance, count: number): Element[] {
  const able = (selector: string): Element[] => [...document.body.querySelectorAll(selector)].filter((element) => visible(element) && (element as HTMLInputElement).type !== "hidden" && !element.closest("template"));
  const used = chance.some(able(PRESSED), Math.ceil((count * 3) / 4));
  return [...used, ...chance.some(able(READ).filter((element) => !used.includes(element)), count - used.length)];
}

const way = (element: Element): number[] => {
  const path: number[] = [];
  for (let each = element; each !== document.body; each = each.parentElement!) path.unshift([...each.parentElement!.children].indexOf(each));
  return path;
};
const at = (path: number[]): Element => path.reduce<Element>((element, i) => element.children[i]!, document.body);

const judged = (found: Element | null, truth: Element | null): Outcome => (found === truth ? "right" : found ? "wrong" : "none");

export interface Asked {
  seed: string;
  targets: number;
  engines: string[];
  operators?: string[];
  vectors?: boolean;
}

export function run({ seed, targets, engines, operators = Object.keys(OPERATORS), vectors }: Asked): { trials: Trial[]; vectors: Vectors[]; captures: Record<string, { ms: number; bytes: number }[]> } {
  const chosen = pick(new Chance(seed), targets).map((element) => way(element));
  const pristine = document.body.cloneNode(true);
  const captures: Record<string, { ms: number; bytes: number }[]> = Object.fromEntries(engines.map((engine) => [engine, []]));
  const stored = chosen.map((path) => Object.fromEntries(engines.map((engine) => [engine, timedCapture(engine, at(path), captures)])));
  const trials: Trial[] = [];
  const dumped: Vectors[] = [];
  const lang = document.documentElement.lang;
  chosen.forEach((path, target) => {
    for (const operator of operators) {
      document.body.replaceWith(pristine.cloneNode(true));
      const element = at(path);
      OPERATORS[operator]!(element, new Chance(seed + operator + target));
      const now = truthOf(element);
      const truth = GONE.has(operator) ? null : now;
      // what can no longer be seen cannot be pointed at: no engine is asked
      if (truth && !(truth.isConnected && visible(truth))) continue;
      for (const engine of engines) trials.push({ engine, operator, target, ...timed(engine, stored[target]![engine], truth) });
      if (vectors) dumped.push({ operator, target, gone: !truth, what: element.outerHTML.slice(0, 160), ...vectorsOf(stored[target]!["handrail"] as Fingerprint, truth) });
    }
  });
  document.body.replaceWith(pristine);
  document.documentElement.lang = lang;
  return { trials, vectors: dumped, captures };
}

function timedCapture(engine: string, element: Element, captures: Record<string, { ms: number; bytes: number }[]>): unknown {
  const began = performance.now();
  const captured = ENGINES[engine]!.capture(element);
  captures[engine]!.push({ ms: performance.now() - began, bytes: new TextEncoder().encode(JSON.stringify(captured)).length });
  return captured;
}

function timed(engine: string, captured: unknown, truth: Element | null): { outcome: Outcome; ms: number } {
  void document.body.offsetHeight;
  const began = performance.now();
  let found: Element | null = null;
  try {
    found = ENGINES[engine]!.resolve(captured as never);
  } catch {
    found = null;
  }
  return { outcome: judged(found, truth), ms: performance.now() - began };
}

function vectorsOf(fingerprint: Fingerprint, truth: Element | null): Pick<Vectors, "right" | "weights" | "around" | "values" | "twins" | "now" | "more"> {
  const around = surveyPage(fingerprint, document);
  const { text, classes, ids } = around;
  const { elements, values, now, extra } = runToEnd(measure(fingerprint, document, around));
  return { right: elements.indexOf(truth!), weights: fingerprint.weights, around: { text, classes, ids }, values, twins: fingerprint.duplicates, now, more: extra };
}

// across releases: what has the same id in both, which no engine gets to see

/** Targets whose id is on both versions of the page; the ids are taken away before anything is captured. */
export function captureById(ids: string[], engines: string[]): Record<string, Record<string, unknown>> {
  const elements = ids.map((id) => [id, document.getElementById(id)!] as const);
  hide(ids);
  return Object.fromEntries(elements.map(([id, element]) => [id, Object.fromEntries(engines.map((engine) => [engine, ENGINES[engine]!.capture(element)]))]));
}

function hide(ids: string[]): void {
  for (const id of ids) document.getElementById(id)?.removeAttribute("id");
}

/** Ids that stand for one visible element, with its tag. */
export function namedHere(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const element of document.body.querySelectorAll("[id]")) {
    const { id, localName } = element;
    if (id && document.querySelectorAll("#" + CSS.escape(id)).length === 1 && visible(element)) found[id] = localName;
  }
  return found;
}

export function resolveById(stored: Record<string, Record<string, unknown>>, engines: string[]): Trial[] {
  const elements = Object.keys(stored).map((id) => [id, document.getElementById(id)!] as const);
  hide(Object.keys(stored));
  return elements.flatMap(([id, element]) => engines.map((engine) => ({ engine, operator: "release", target: 0, ...timed(engine, stored[id]![engine], element) })));
}

Object.assign(window, { bench: { run, namedHere, captureById, resolveById } });
