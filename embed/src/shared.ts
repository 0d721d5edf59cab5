/** What the parts loaded later take from the runtime; built apart, they import it from the file that is there already. */

export { idOf, option, copied } from "./copy";
export { guard, json, life, listen, warn } from "./guard";
export { off, on, tell } from "./hooks";
export { look, onPage, page } from "./page";
export { browser, matchesPage, on as waitsFor, own, settle } from "./rules";
export { files } from "./parts";
export { fetchBoot, known, options, rendererUrl } from "./runtime";
export { read, write } from "./store";
export { tracked } from "./tracked";
export { send, wire } from "./transport";
export { whoKey } from "./who";
