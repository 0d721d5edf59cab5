/** Bundles every test of tests/embed and runs it with Node's own runner. */

import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const tests = join(here, "..", "tests", "embed");
const made = join(here, "node_modules", ".tests");
const wanted = process.argv.slice(2);

const names = readdirSync(tests).filter((name) => name.endsWith(".test.ts") && (!wanted.length || wanted.some((part) => name.includes(part))));
rmSync(made, { recursive: true, force: true });
mkdirSync(made, { recursive: true });
await esbuild.build({
  entryPoints: names.map((name) => join(tests, name)),
  outdir: made,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "es2022",
  tsconfig: join(here, "tsconfig.json"),
  loader: { ".css": "text" },
  define: { HANDRAIL_VERSION: '"0"', HANDRAIL_LANGUAGES: '["ar"]' },
  logLevel: "warning",
});
const files = readdirSync(made).map((name) => join(made, name));
const stream = run({ files, concurrency: 2 });
stream.on("test:fail", () => (process.exitCode = 1));
stream.compose(spec).pipe(process.stdout);
