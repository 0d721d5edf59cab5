import assert from "node:assert/strict";
import test from "node:test";
import cases from "../shared_cases/texts.json";
import type { RichText } from "bodies";
import { isImage, isLink } from "../../embed/src/richtext/links";
import { renderText } from "../../embed/src/richtext/render";

type Outline = string | [string, Record<string, string>, ...Outline[]];

/** As much of a document as drawing may use: elements, attributes and text, and nothing that reads HTML. */
class Sheet {
  nodes = 0;
  createElement(tag: string): Sheaf {
    this.nodes++;
    return new Sheaf(tag);
  }
  createDocumentFragment(): Sheaf {
    return new Sheaf("");
  }
}

class Sheaf {
  readonly attributes: Record<string, string> = {};
  readonly inner: (Sheaf | string)[] = [];
  constructor(readonly tag: string) {}
  setAttribute(name: string, value: string): void {
    assert.equal(typeof value, "string");
    this.attributes[name] = value;
  }
  append(...inner: (Sheaf | string)[]): void {
    this.inner.push(...inner);
  }
  addEventListener(name: string): void {
    assert.equal(name, "keydown");
  }
  outline(): Outline[] {
    const drawn: Outline[] = [];
    for (const each of this.inner) {
      const last = drawn.at(-1);
      if (typeof each !== "string") drawn.push([each.tag, each.attributes, ...each.outline()]);
      else if (typeof last === "string") drawn[drawn.length - 1] = last + each;
      else if (each) drawn.push(each);
    }
    return drawn;
  }
}

function draw(doc: unknown, person: Record<string, unknown> | null = {}, sheet = new Sheet()): Sheaf {
  return renderText(doc as RichText, person, sheet as unknown as Document) as unknown as Sheaf;
}

for (const { name, doc, person, outline } of cases.documents) {
  test(name, () => assert.deepEqual(draw(doc, person as Record<string, unknown>).outline(), outline));
}

test("an address is a link or an image exactly when the server says so", () => {
  for (const { address, link, image } of cases.addresses) {
    assert.deepEqual([address, isLink(address), isImage(address)], [address, link, image]);
  }
});

test("no link runs a script when a browser reads it", () => {
  for (const { address } of cases.addresses.filter(({ address }) => isLink(address))) {
    const { protocol, host } = new URL(address, "https://host.example/page");
    assert.match(protocol, /^(https?|mailto|tel):$/);
    if (/^[/#]/.test(address)) assert.equal(host, "host.example");
  }
});

test("the way an image is loaded is known before its address", () => {
  const names = Object.keys(((draw({ content: [{ type: "image", src: "https://a.example/a.png" }] }).inner[0] as Sheaf).attributes));
  assert.equal(names.at(-1), "src");
});

test("nobody known sees the fallback", () => {
  const doc = { type: "doc", content: [{ type: "paragraph", content: [{ type: "person", attribute: "name", fallback: "there" }] }] };
  assert.deepEqual(draw(doc, null).outline(), [["p", {}, "there"]]);
});

test("a document too large is cut, not drawn for ever", () => {
  const wide = { type: "doc", content: Array(50_000).fill({ type: "paragraph", content: [{ type: "break" }] }) };
  const sheet = new Sheet();
  draw(wide, {}, sheet);
  assert.ok(sheet.nodes <= 2_000);
});

test("a document too deep is cut, not followed", () => {
  let deep: unknown = { type: "divider" };
  for (let at = 0; at < 10_000; at++) deep = { type: "quote", content: [deep] };
  const sheet = new Sheet();
  draw({ type: "doc", content: [deep] }, {}, sheet);
  assert.ok(sheet.nodes < 30);
});

test("a document that holds itself is cut", () => {
  const loop = { type: "quote", content: [] as unknown[] };
  loop.content.push(loop, loop);
  const sheet = new Sheet();
  draw({ type: "doc", content: [loop] }, {}, sheet);
  assert.ok(sheet.nodes <= 2_000);
});

test("what the host page adds to every object is not drawn", () => {
  const all = Object.prototype as unknown as Record<string, unknown>;
  const added: Record<string, unknown> = { src: "https://canary.example/a.png", text: "added", marks: [{ type: "bold" }], name: "added", width: 9 };
  try {
    for (const [name, value] of Object.entries(added)) Object.defineProperty(all, name, { value, configurable: true, writable: true });
    const doc = {
      content: [{ type: "image" }, { type: "paragraph", content: [{ type: "text" }, { type: "person", attribute: "name", fallback: "-" }] }],
    };
    assert.deepEqual(draw(doc).outline(), [["p", {}, "-"]]);
  } finally {
    for (const name of Object.keys(added)) delete all[name];
  }
});
