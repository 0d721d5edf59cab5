/** What the ears and the finder take from the anchor. */

export { changes, find, visible } from "./target";
