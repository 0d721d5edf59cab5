import assert from "node:assert/strict";
import { test } from "node:test";
import { handrail } from "../../embed/src/loader/npm";
import { define } from "./browser";

test("on a server nothing happens and nothing throws", async () => {
  await handrail.init("hr_pub_x", { server: "https://help.example.com" });
  void handrail.identify("1");
  assert.equal((handrail as unknown as { then: unknown }).then, undefined);
});

test("in a page the script is asked for once and the calls wait for it", async () => {
  const scripts: { src: string; dataset: Record<string, string>; async?: boolean }[] = [];
  const window: { handrail?: { q: [string, unknown[], (value: unknown) => void][] } } = {};
  define("window", window);
  define("CSS", { escape: (text: string) => text });
  define("document", {
    querySelector: (css: string) => scripts.find(({ src }) => css.includes(src)) ?? null,
    createElement: () => ({ dataset: {} }),
    head: { append: (script: (typeof scripts)[0]) => scripts.push(script) },
  });
  void handrail.init("hr_pub_x", { server: "https://help.example.com", locale: "de" });
  void handrail.init("hr_pub_x", { server: "https://help.example.com" });
  const told = handrail.identify(7, { plan: "pro" });
  assert.deepEqual(scripts.map(({ src, dataset }) => [src, dataset]), [["https://help.example.com/embed.js", { environment: "hr_pub_x" }]]);
  assert.deepEqual(window.handrail!.q.map(([name, args]) => [name, args]), [["init", ["hr_pub_x", { locale: "de" }]], ["init", ["hr_pub_x", {}]], ["identify", [7, { plan: "pro" }]]]);
  window.handrail!.q[2]![2](true);
  assert.equal(await told, true);
  delete window.handrail;
});
