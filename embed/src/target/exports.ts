/** What the chunks loaded later use of the search for elements. */

export { onDomChange, find, locate } from "./find";
export { watch } from "./watch";
