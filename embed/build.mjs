/** Builds the embed: the same sources give the same bytes, wherever they are built. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { minify } from "terser";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const dist = join(here, "dist");
const kindsFolder = join(root, "guides", "kinds");
const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "pyproject.toml"), "utf8"))[1];

/** Nothing here may ever read text as markup or as code. */
const BARRED = /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\bFunction\s*\(|\beval\s*\(|srcdoc/;

const css = {
  name: "css as text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      // what it leaves in the values of custom properties; no text of ours holds such a space
      return { contents: code.trim().replace(/([:,]) /g, "$1"), loader: "text" };
    });
  },
};

export const kinds = existsSync(kindsFolder)
  ? readdirSync(kindsFolder).filter((kind) => existsSync(join(kindsFolder, kind, "render.ts"))).sort()
  : [];

const languages = readdirSync(join(here, "src", "strings")).map((file) => file.slice(0, -5)).filter((language) => language !== "en").sort();

const constants = { HANDRAIL_VERSION: JSON.stringify(version), HANDRAIL_LANGUAGES: JSON.stringify(languages) };

/** A renderer and its css, as one module. */
const rendererOf = (kind) => {
  const at = JSON.stringify(join(kindsFolder, kind, "render"));
  const looks = existsSync(join(kindsFolder, kind, "render.css")) ? `import css from ${at.slice(0, -1)}.css";export { css };` : "";
  return `export { default } from ${at.slice(0, -1)}.ts";${looks}`;
};

/** The files that are there before the others: what a folder shares comes from one of them. */
const HOMES = { "": ["runtime", "main.ts"], kit: ["kit", "kit/index.ts"], anchor: ["kit", "kit/index.ts"] };

/** What a file called shared.ts hands on. */
const shared = (file) => [...readFileSync(file, "utf8").matchAll(/export \{([^}]+)\}/g)].flatMap(([, names]) => names.split(",").map((name) => name.trim())).filter((name) => !name.startsWith("type ")).map((name) => name.split(" ").at(-1)).sort();

/** Between files of one build a name of two letters does. */
function brief(home, name) {
  const all = Object.keys(HOMES).filter((folder) => HOMES[folder][0] === home).flatMap((folder) => shared(join(here, "src", folder, "shared.ts")));
  return "_" + all.indexOf(name).toString(36);
}

/** Parts loaded later import what is shared from the files that are there already. */
const parts = {
  name: "parts",
  setup(build) {
    const own = build.initialOptions.entryPoints?.[0] ?? "";
    build.onResolve({ filter: /(^|\/)shared$/ }, ({ path, resolveDir }) => {
      const folder = relative(join(here, "src"), dirname(join(resolveDir, path)));
      const [home, entry] = HOMES[folder];
      return own === join(here, "src", entry) ? undefined : { path: folder || ".", namespace: "part", pluginData: home };
    });
    build.onLoad({ filter: /^/, namespace: "part" }, ({ path, pluginData: home }) => {
      const names = namesWanted(own, join(here, "src", path, "shared.ts"));
      return { contents: `export {${names.map((name) => `${brief(home, name)} as ${name}`).join()}} from "./${home}.js";` };
    });
    build.onLoad({ filter: /(main|kit\/index)\.ts$/ }, ({ path }) => {
      const [home] = Object.values(HOMES).find(([, entry]) => path === join(here, "src", entry)) ?? [];
      const text = readFileSync(path, "utf8").replace(/export \* from "(.+shared)";/g, (_, from) => `export {${shared(join(dirname(path), from + ".ts")).map((name) => `${name} as ${brief(home, name)}`).join()}} from "${from}";`);
      return { contents: text, loader: "ts" };
    });
    build.onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** The names that a part imports from a shared file, in all the files it is made of. */
function namesWanted(part, shared) {
  const names = new Set();
  const seen = new Set();
  const walk = (file) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    for (const [, type, given, path] of readFileSync(file, "utf8").matchAll(/(?:import|export) (?:(type )?(\*|\{[^}]*\}|\w+|\* as \w+) from )?"(\.[./\w-]+)"/g)) {
      const at = join(dirname(file), path);
      if (at + ".ts" === shared && given?.[0] === "{") given.slice(1, -1).split(",").forEach((name) => name.trim() && !/^type /.test(name.trim()) && names.add(name.trim().split(" ")[0]));
      else if (!type && !path.endsWith("shared")) [at + ".ts", join(at, "index.ts")].forEach(walk);
    }
  };
  walk(part);
  return [...names].sort();
}

/** All renderers in one module, for the preview. */
const renderers = {
  name: "renderers",
  setup(build) {
    build.onResolve({ filter: /^renderers$/ }, () => ({ path: "renderers", namespace: "made" }));
    build.onResolve({ filter: /^renderer:/ }, ({ path }) => ({ path, namespace: "made" }));
    build.onLoad({ filter: /^renderer:/, namespace: "made" }, ({ path }) => ({ contents: rendererOf(path.slice(9)), resolveDir: root, loader: "ts" }));
    build.onLoad({ filter: /^renderers$/, namespace: "made" }, () => ({
      contents: kinds.map((kind, i) => `import * as k${i} from "renderer:${kind}";`).join("") + `export default {${kinds.map((kind, i) => `${kind}:k${i}`).join()}};`,
      resolveDir: root,
    }));
  },
};

export async function bundle({ whole, ...options }) {
  const { outputFiles, metafile } = await esbuild.build({
    metafile: true,
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    absWorkingDir: root,
    tsconfig: join(here, "tsconfig.json"),
    logLevel: "warning",
    plugins: [css, renderers, ...(whole ? [] : [parts])],
    define: constants,
    mangleProps: /^_/,
    ...options,
  });
  if (process.argv.includes("--parts")) console.log(await esbuild.analyzeMetafile(metafile));
  return whole ? outputFiles[0].text : squeezed(outputFiles[0].text, options.format !== "iife");
}

/** Once more, by one that takes its time; whatever a host page loads counts. */
async function squeezed(text, module) {
  const { code } = await minify(text, { module, ecma: 2020, compress: { passes: 6, pure_getters: true, unsafe_arrows: true, hoist_funs: true }, mangle: true, format: { ecma: 2020 } });
  return code + "\n";
}

const entry = (file) => ({ entryPoints: [join(here, "src", file)] });
const made = (contents) => ({ stdin: { contents, resolveDir: root, loader: "ts" } });
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);

function check(name, text) {
  const found = BARRED.exec(text);
  if (found) throw new Error(`${name} holds ${found[0]}`);
}

async function embedFiles() {
  const files = {};
  for (const [name, from] of [["kit", "kit/index.ts"], ["calls", "calls.ts"], ["ears", "ears.ts"], ["triggers", "triggers.ts"], ["finder", "finder.ts"], ["picked", "anchor/picked.ts"], ["scored", "anchor/scored.ts"], ["capture", "anchor/capture.ts"], ["rich", "kit/rich.ts"], ["contrast", "kit/contrast.ts"], ["routes", "routes.ts"], ["guest", "kit/guest.ts"], ["away", "anchor/away.ts"], ["extra", "extra/index.ts"], ["shapes", "kit/shapes.ts"], ["runtime", "main.ts"]]) files[`${name}.js`] = await bundle(entry(from));
  for (const language of languages) files[`say-${language}.js`] = await bundle(made(`export { default } from "./embed/src/strings/${language}.json";`));
  for (const kind of kinds) files[`${kind}.js`] = await bundle(made(rendererOf(kind)));
  return files;
}

async function main() {
  const files = await embedFiles();
  const current = digest(Object.keys(files).sort().map((name) => name + "\n" + files[name]).join("\n"));
  const loader = await bundle({ ...entry("loader.ts"), format: "iife", define: { HANDRAIL_RUNTIME: JSON.stringify(`/embed/${current}/runtime.js`) } });
  Object.entries({ ...files, "loader.js": loader }).forEach(([name, text]) => check(name, text));

  rmSync(dist, { recursive: true, force: true });
  mkdirSync(join(dist, current), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, current, name), text);
  writeFileSync(join(dist, "loader.js"), loader);
  await moduleFiles();
  const manifest = {
    current,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, `${kind}.js`])),
    files: Object.fromEntries(Object.keys(files).sort().map((name) => [name, digest(files[name])])),
  };
  writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await adminFiles();
  sizes({ "loader.js": loader, ...files });
}

/** For bundlers: the calls as a module, and their types. */
async function moduleFiles() {
  const from = join(here, "src", "module.ts");
  const text = await bundle(entry("module.ts"));
  check("handrail.mjs", text);
  writeFileSync(join(dist, "handrail.mjs"), text);
  const { outputText } = ts.transpileDeclaration(readFileSync(from, "utf8"), { fileName: from, compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, strict: true } });
  writeFileSync(join(dist, "handrail.d.ts"), outputText);
}

/** The admin's own bundles: the preview and the rich-text field, where their sources exist. */
async function adminFiles() {
  const target = join(root, "admin", "static");
  mkdirSync(target, { recursive: true });
  for (const name of ["preview", "editor"]) {
    if (!existsSync(join(here, "src", name, "index.ts"))) continue;
    const text = await bundle({ ...entry(`${name}/index.ts`), format: "iife", whole: true, define: { ...constants, "import.meta.url": '"https://preview.invalid/"' } });
    if (name === "preview") check(name, text);
    writeFileSync(join(target, `${name}.js`), text);
  }
}

function sizes(files) {
  const packed = (text) => gzipSync(text, { level: 9 }).length;
  for (const [name, text] of Object.entries(files)) console.log(`${name.padEnd(12)} ${String(text.length).padStart(7)}  ${String(packed(text)).padStart(6)} gz`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
