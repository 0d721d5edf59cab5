/** What the chunks loaded later use of the runtime. */

export { idOf, option, copied } from "./sanitize";
export { guard, json, life, listen, warn } from "./guard";
export { off, on, tell } from "./host-events";
export { look, onPage, page } from "./navigation";
export { type ChunkName, files } from "./chunks";
export { options } from "./options";
export { fetchBoot, known, rendererUrl } from "./session";
export { read, write } from "./storage";
export { tracked } from "./track-buffer";
export { send, wire } from "./transport";
export { whoKey } from "./identity";
