/** The export of the scored-match chunk. */

export { search } from "./resolve";
