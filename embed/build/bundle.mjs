/** Bundles one file of the embed: the same sources give the same bytes, wherever they are built. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { minify } from "terser";
import { chunkEntry, mergeImports, sharedNames, sharedPlugin, src } from "./chunks.mjs";
import { renderersPlugin, rendererModule, root } from "./kinds.mjs";

const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "pyproject.toml"), "utf8"))[1];

/** The languages with strings of their own; English is built in. */
export const languages = readdirSync(join(src, "strings")).map((file) => file.slice(0, -5)).filter((language) => language !== "en").sort();

const constants = { HANDRAIL_VERSION: JSON.stringify(version), HANDRAIL_LANGUAGES: JSON.stringify(languages) };

/** Properties of objects that never leave our own chunks: however long their names are, every file has the same short ones. */
const INTERNAL = ["addStylesheet", "applyAppearance", "command", "enter", "finish", "focusedBefore", "isIdle", "itemOf", "raise", "receive", "reschedule", "stateOf", "switchIdentity", "syncTabs", "undo", "wasEntered"];

/** No built file that a host page loads may read text as markup or as code. */
const BARRED = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\bFunction\s*\(|\beval\s*\(|srcdoc/;

const cssAsText = {
  name: "css as text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      // esbuild leaves spaces in the values of custom properties; no text of ours has such a space
      return { contents: code.trim().replace(/([:,]) /g, "$1"), loader: "text" };
    });
  },
};

const file = (path) => ({ entryPoints: [join(src, path)] });
const source = (contents, resolveDir) => ({ stdin: { contents, resolveDir, loader: "ts" } });

export const bundleChunk = (chunk) => hostFile(`${chunk}.js`, source(chunkEntry(chunk), src), sharedPlugin(chunk));
export const bundleStrings = (language) => hostFile(`${language}.json`, source(`export { default } from "./strings/${language}.json";`, src));
export const bundleRenderer = (kind) => hostFile(`${kind}.js`, source(rendererModule(kind), root));
export const bundleLoader = (runtime) => hostFile("loader.js", { ...file("loader/loader.ts"), format: "iife", define: { HANDRAIL_RUNTIME: JSON.stringify(runtime) } });
export const bundleModule = () => hostFile("handrail.mjs", file("loader/npm.ts"));

/** A script of the admin: all it needs in one file, its size does not count. */
export const bundleAdmin = (path) => build({ ...file(path), format: "iife", minifyIdentifiers: true, define: { ...constants, "import.meta.url": '"https://preview.invalid/"' } }, []);

export function check(name, text) {
  const found = BARRED.exec(text);
  if (found) throw new Error(`${name} holds ${found[0]}`);
  return text;
}

/** A file for host pages: minified by terser too, which is slower, better, and alone in choosing the names. */
async function hostFile(name, options, ...plugins) {
  const text = mergeImports(await build(options, plugins));
  const { code } = await minify(text, {
    module: options.format !== "iife",
    ecma: 2020,
    compress: { passes: 2, pure_getters: true, unsafe_arrows: true, hoist_funs: true },
    mangle: true,
    nameCache: sharedNames(text),
    format: { ecma: 2020 },
  });
  return check(name, code + "\n");
}

async function build(options, plugins) {
  const { outputFiles, metafile } = await esbuild.build({
    metafile: true,
    bundle: true,
    write: false,
    minifySyntax: true,
    minifyWhitespace: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    absWorkingDir: root,
    tsconfig: join(root, "embed", "tsconfig.json"),
    logLevel: "warning",
    plugins: [cssAsText, renderersPlugin, ...plugins],
    define: constants,
    mangleProps: new RegExp(`^(_.*|${INTERNAL.join("|")})$`),
    mangleCache: Object.fromEntries(INTERNAL.map((name, i) => [name, `$${i.toString(36)}`])),
    ...options,
  });
  if (process.argv.includes("--analyze")) console.log(await esbuild.analyzeMetafile(metafile));
  return outputFiles[0].text;
}
