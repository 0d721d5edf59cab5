/** What the chunks loaded later use of the runtime. */

export { toId, readOption, sanitize } from "./sanitize";
export { guard, json, lifetime, listen, warn } from "./guard";
export { off, on, emitHostEvent } from "./host-events";
export { checkUrl, onPage, page } from "./navigation";
export { type ChunkName, chunks } from "./chunks";
export { options } from "./options";
export { boot, fetchBoot, personAttributes, rendererUrl } from "./session";
export { read, write } from "./storage";
export { trackBuffer } from "./track-buffer";
export { send, connection } from "./transport";
export { identityKey } from "./identity";
