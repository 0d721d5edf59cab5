/** What the parts loaded later take from the runtime; built apart, they import it from the file that is there already. */

export { idOf, option, copied } from "./copy";
export { guard, json, listen, warn } from "./guard";
export { off, on, tell } from "./hooks";
export { onPage, page } from "./page";
export { matchesPage, settle } from "./rules";
export { fetchBoot, files, known, options, rendererUrl } from "./runtime";
export { read, write } from "./store";
export { send, wire } from "./transport";
export { whoKey } from "./who";
