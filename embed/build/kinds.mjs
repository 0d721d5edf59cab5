/** The renderers of the built-in kinds: guides/kinds/<kind>/render.ts and render.css. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = join(root, "guides", "kinds");

export const kinds = existsSync(folder) ? readdirSync(folder).filter((kind) => existsSync(join(folder, kind, "render.ts"))).sort() : [];

/** The source of one module that exports a kind's renderer and its css. */
export function rendererModule(kind) {
  const path = join(folder, kind, "render");
  const css = existsSync(path + ".css") ? `import css from ${JSON.stringify(path + ".css")};export { css };` : "";
  return `export { default } from ${JSON.stringify(path + ".ts")};${css}`;
}

/** esbuild plugin: `import renderers from "renderers"` gives all renderers by kind, for the preview. */
export const renderersPlugin = {
  name: "renderers",
  setup(build) {
    build.onResolve({ filter: /^renderers$/ }, () => ({ path: "renderers", namespace: "generated" }));
    build.onResolve({ filter: /^renderer:/ }, ({ path }) => ({ path, namespace: "generated" }));
    build.onLoad({ filter: /^renderer:/, namespace: "generated" }, ({ path }) => ({ contents: rendererModule(path.slice(9)), resolveDir: root, loader: "ts" }));
    build.onLoad({ filter: /^renderers$/, namespace: "generated" }, () => ({
      contents: kinds.map((kind, i) => `import * as k${i} from "renderer:${kind}";`).join("") + `export default {${kinds.map((kind, i) => `${kind}:k${i}`).join()}};`,
      resolveDir: root,
    }));
  },
};
