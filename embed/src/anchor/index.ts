/** What stands on an element of the page needs this: find it, follow it, put a box beside it. */

export * from "./shared";
export { stand } from "./stand";
export { watch } from "./watch";
