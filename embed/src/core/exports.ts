/** What the parts loaded later take from the runtime; built apart, they import it from the file that is there already. */

export { idOf, option, copied } from "./sanitize";
export { guard, json, life, listen, warn } from "./guard";
export { off, on, tell } from "./host-events";
export { look, onPage, page } from "./navigation";
export { browser, matchesPage, on as waitsFor, own, settle } from "../rules/evaluate";
export { files } from "./chunks";
export { fetchBoot, known, options, rendererUrl } from "./session";
export { read, write } from "./storage";
export { tracked } from "./track-buffer";
export { send, wire } from "./transport";
export { whoKey } from "./identity";
