/** The search by score, as a file of its own: loaded when the quick way is in doubt. */

export { search } from "./resolve";
