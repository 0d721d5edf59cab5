/** What the chunks loaded later use of the rules. */

export { browserConditions, matchesPage, whenKnown as waitsFor, own, evaluate } from "./evaluate";
export type { Rule } from "./evaluate";
