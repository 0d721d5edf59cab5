/** What the chunks loaded later use of the rules. */

export { browser, matchesPage, on as waitsFor, own, settle } from "./evaluate";
