/** The chunks of chunks.json: the files the browser loads, and how one takes code from another. */

import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const src = fileURLToPath(new URL("../src/", import.meta.url));

/** For each chunk its `modules`, all of whose exports are its own, and the exports.ts files it `shared`s with the chunks loaded later. */
export const chunks = JSON.parse(readFileSync(new URL("chunks.json", import.meta.url), "utf8"));

const sharedFiles = Object.entries(chunks).flatMap(([chunk, { shared = [] }]) => shared.map((file) => [file, chunk]));

/** The names an exports.ts re-exports, without its types. */
const namesOf = (file) => [...readFileSync(join(src, file), "utf8").matchAll(/^export \{([^}]+)\}/gm)].flatMap(([, names]) => names.split(",").map((name) => name.trim().split(" ").at(-1)));

/** Between the files of one build a name of two letters does: one prefix for each chunk that shares. */
function shortName(chunk, name) {
  const all = chunks[chunk].shared.flatMap((file) => namesOf(file).sort());
  return (chunk === "runtime" ? "_" : "$") + all.indexOf(name).toString(36);
}

/** For terser: what crosses between files has the same name within them, which saves an alias each. */
export function sharedNames(text) {
  const props = {};
  for (const [, keyword, list] of text.matchAll(/(import|export)\s*\{([^}]*)\}/g))
    for (const [name, alias = name] of list.split(",").map((part) => part.trim().split(" as "))) {
      if (keyword === "import" && /^[_$]\w$/.test(alias)) props["$" + alias] = alias;
      if (keyword === "export" && /^[_$]\w\w?$/.test(alias)) props["$" + name] = alias;
    }
  return { vars: { props } };
}

/** The source of a chunk's entry: its own modules, and what it shares under short names. */
export function chunkEntry(chunk) {
  const { modules, shared = [] } = chunks[chunk];
  const own = modules.map((file) => (/^export (default|\{[^}]*\bas default\b)/m.test(readFileSync(join(src, file), "utf8")) ? `export { default } from "./${file}";` : `export * from "./${file}";`));
  const handed = shared.map((file) => `export { ${namesOf(file).map((name) => `${name} as ${shortName(chunk, name)}`).join(", ")} } from "./${file}";`);
  return [...own, ...handed].join("\n");
}

/** esbuild plugin for one chunk: what another chunk shares is imported from that file, not bundled a second time. */
export const sharedPlugin = (chunk) => ({
  name: "shared",
  setup(build) {
    build.onResolve({ filter: /\/exports$/ }, ({ path, resolveDir }) => {
      const file = relative(src, join(resolveDir, path + ".ts"));
      const home = sharedFiles.find(([shared]) => shared === file)?.[1];
      if (!home) throw new Error(`${file} is shared by no chunk of chunks.json`);
      return home === chunk ? undefined : { path: file, namespace: "shared", pluginData: home };
    });
    // each name is a module of its own, so that those nobody uses are left out
    build.onLoad({ filter: /^/, namespace: "shared" }, ({ path, pluginData: home }) => ({
      contents: namesOf(path).map((name) => `export { ${name} } from "shared:${home}/${shortName(home, name)}/${name}";`).join(""),
    }));
    build.onResolve({ filter: /^shared:/ }, ({ path }) => ({ path: path.slice(7), namespace: "shared-name", sideEffects: false }));
    build.onLoad({ filter: /^/, namespace: "shared-name" }, ({ path }) => {
      const [home, short, name] = path.split("/");
      return { contents: `export { ${short} as ${name} } from "./${home}.js";` };
    });
    build.onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ path }) => ({ path, external: true }));
  },
});

/** One import from each file, where esbuild writes one for each name. */
export function mergeImports(text) {
  const names = {};
  const rest = text.replace(/import\{([^}]+)\}from"(\.\/[\w-]+\.js)";/g, (_, found, path) => ((names[path] ??= []).push(found), ""));
  return Object.entries(names).map(([path, found]) => `import{${found.join()}}from"${path}";`).join("") + rest;
}
