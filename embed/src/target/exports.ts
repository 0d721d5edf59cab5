/** What the chunks loaded later use of the search for elements. */

export { changes, find, whereIs } from "./find";
export { visible } from "./selector";
