/** What stands on an element of the page needs this: find it, follow it, put a box beside it. Loaded with the first such guide. */

export { place } from "./place";
export * from "./shared";
export { spotlight } from "./spotlight";
export { watch } from "./watch";
