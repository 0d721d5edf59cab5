/** Builds the embed: the same sources give the same bytes, wherever they are built. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";

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
      return { contents: code.trim(), loader: "text" };
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

/** Parts loaded later import what is shared from the files that are there already. */
const parts = {
  name: "parts",
  setup(build) {
    const own = build.initialOptions.entryPoints?.[0] ?? "";
    build.onResolve({ filter: /shared$/ }, ({ path, resolveDir }) => {
      const folder = relative(join(here, "src"), dirname(join(resolveDir, path)));
      const isOwn = folder ? own.includes(`/${folder}/`) : own.endsWith("main.ts");
      return isOwn ? undefined : { path: folder || "runtime", namespace: "part" };
    });
    build.onLoad({ filter: /^/, namespace: "part" }, ({ path }) => {
      const names = namesWanted(own, join(here, "src", path === "runtime" ? "" : path, "shared.ts"));
      return { contents: `export {${names.join()}} from "./${path}.js";` };
    });
    build.onResolve({ filter: /^\.\/\w+\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** The names that a part, a file or a folder with an index, imports from a shared file. */
function namesWanted(part, shared) {
  const files = part.endsWith("/index.ts") ? readdirSync(dirname(part)).filter((file) => file.endsWith(".ts")).map((file) => join(dirname(part), file)) : [part];
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/import \{([^}]+)\} from "([./\w]+\/shared)"/g)]
      .filter((match) => join(dirname(file), match[2] + ".ts") === shared)
      .flatMap((match) => match[1].split(",").map((name) => name.trim().split(" ")[0])),
  );
  return [...new Set(names)].sort();
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
  return outputFiles[0].text;
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
  for (const [name, from] of [["kit", "kit/index.ts"], ["anchor", "anchor/index.ts"], ["calls", "calls.ts"], ["ears", "ears.ts"], ["finder", "finder.ts"], ["runtime", "main.ts"]]) files[`${name}.js`] = await bundle(entry(from));
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
  const manifest = {
    current,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, `${kind}.js`])),
    files: Object.fromEntries(Object.keys(files).sort().map((name) => [name, digest(files[name])])),
  };
  writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest, null, 2) + "\n");
  await adminFiles();
  sizes({ "loader.js": loader, ...files });
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
