/** `npm run build`: writes embed/dist, its manifest.json and the admin's own scripts, and prints the sizes. */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { bundleAdmin, bundleChunk, bundleLoader, bundleModule, bundleRenderer, bundleStrings, check, languages } from "./bundle.mjs";
import { chunks, src } from "./chunks.mjs";
import { kinds, root } from "./kinds.mjs";

const dist = join(root, "embed", "dist");
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);

const files = await hashedFiles();
const names = Object.keys(files).sort();
const current = digest(names.map((name) => name + "\n" + files[name]).join("\n"));
const loader = await bundleLoader(`/embed/${current}/runtime.js`);

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, current), { recursive: true });
for (const [name, text] of Object.entries(files)) writeFileSync(join(dist, current, name), text);
writeFileSync(join(dist, "loader.js"), loader);
writeFileSync(join(dist, "handrail.mjs"), await bundleModule());
writeFileSync(join(dist, "handrail.d.ts"), moduleTypes());
writeFileSync(join(dist, "manifest.json"), JSON.stringify(manifest(), null, 2) + "\n");
await writeAdminFiles();
printSizes({ "loader.js": loader, ...files });

/** The files below the folder that is named by their hash. */
async function hashedFiles() {
  const files = {};
  for (const chunk of Object.keys(chunks)) files[`${chunk}.js`] = await bundleChunk(chunk);
  for (const language of languages) files[`strings-${language}.js`] = await bundleStrings(language);
  for (const kind of kinds) files[`${kind}.js`] = await bundleRenderer(kind);
  return files;
}

function manifest() {
  return {
    current,
    kinds: Object.fromEntries(kinds.map((kind) => [kind, `${kind}.js`])),
    files: Object.fromEntries(names.map((name) => [name, digest(files[name])])),
  };
}

/** The types of handrail.mjs, for host pages that have a bundler. */
function moduleTypes() {
  const fileName = join(src, "loader", "npm.ts");
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, strict: true };
  return ts.transpileDeclaration(readFileSync(fileName, "utf8"), { fileName, compilerOptions }).outputText;
}

async function writeAdminFiles() {
  const target = join(root, "admin", "static", "built");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "preview.js"), check("preview.js", await bundleAdmin("preview/index.ts")));
  writeFileSync(join(target, "richtext-field.js"), await bundleAdmin("editor/index.ts"));
}

function printSizes(files) {
  const gzipped = (text) => gzipSync(text, { level: 9 }).length;
  for (const [name, text] of Object.entries(files)) console.log(`${name.padEnd(18)} ${String(text.length).padStart(7)}  ${String(gzipped(text)).padStart(6)} gz`);
}
