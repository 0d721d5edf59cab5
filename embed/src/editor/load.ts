// Opening a stored tree: the editor takes it over only when it would give the very same tree back.

import { getSchema } from "@tiptap/core";
import { extensions } from "./schema";
import { type Node, normalized, isSame, toNode, toTree, type Tree } from "./convert";

const schema = getSchema(extensions);

/** The editor's JSON for a stored tree; null when something of it would be lost. */
export function openTree(tree: Tree): Node | null {
  try {
    const node = schema.nodeFromJSON(toNode(tree));
    node.check();
    const content = node.toJSON() as Node;
    return isSame(normalized(toTree(content)), normalized(tree)) ? content : null;
  } catch {
    return null;
  }
}
