import assert from "node:assert/strict";
import test from "node:test";
import cases from "../shared_cases/texts.json";
import { openTree } from "../../embed/src/editor/load";
import { normalized, toTree, type Tree } from "../../embed/src/editor/convert";
import { videoOf, pageOf } from "../../embed/src/editor/video-url";

for (const { name, doc, refused } of cases.documents) {
  const tree = doc as Tree;
  if (refused) test(`the editor does not take over what the domain refuses, or changes nothing of it: ${name}`, () => kept(tree, openTree(tree)));
  else test(`the editor gives back what it was given: ${name}`, () => kept(tree, openTree(tree) ?? assert.fail("it is not opened")));
}

function kept(tree: Tree, content: ReturnType<typeof openTree>): void {
  if (content) assert.deepEqual(normalized(toTree(content)), normalized(tree));
}

test("a document with every block within every other is given back", () => {
  const words: Tree = { type: "paragraph", content: [{ type: "text", text: "a", marks: [{ type: "bold" }, { type: "code" }, { type: "key" }] }] };
  const blocks: Tree[] = [words, { type: "video", provider: "loom", id: "0".repeat(32), title: "t" }, { type: "buttons", content: [{ type: "button", label: "b", href: "#c", look: "plain" }] }];
  const around = (content: Tree[]): Tree[] => [
    { type: "table", header: true, content: [{ type: "row", content: [{ type: "cell", content }, { type: "cell", content: [] }] }, { type: "row", content: [] }] },
    { type: "columns", content: [{ type: "column", content }, { type: "column", content: [{ type: "paragraph", content: [] }] }] },
    { type: "callout", tone: "tip", content },
    { type: "quote", content },
    { type: "list", ordered: false, start: 3, content: [{ type: "item", content }, { type: "item", content: [] }] },
  ];
  const doc: Tree = { type: "doc", content: around(around(blocks)) };
  assert.deepEqual(normalized(toTree(openTree(doc)!)), normalized(doc));
});

test("a document with something unknown in it is not opened", () => {
  for (const more of [{ type: "tabs" }, { type: "table", content: [], sorted: true }, { type: "paragraph", content: [{ type: "text", text: "a", marks: [{ type: "blink" }] }] }]) {
    assert.equal(openTree({ type: "doc", content: [more as Tree] }), null);
  }
});

const FILMS: [address: string, provider: string, id: string][] = [
  ["https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42s", "youtube", "dQw4w9WgXcQ"],
  ["https://youtu.be/dQw4w9WgXcQ?si=abc", "youtube", "dQw4w9WgXcQ"],
  ["https://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ"],
  ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "youtube", "dQw4w9WgXcQ"],
  ["https://vimeo.com/76979871", "vimeo", "76979871"],
  ["https://vimeo.com/channels/staffpicks/76979871", "vimeo", "76979871"],
  ["https://player.vimeo.com/video/76979871?dnt=1", "vimeo", "76979871"],
  ["https://www.loom.com/share/0123456789abcdef0123456789abcdef?sid=1", "loom", "0123456789abcdef0123456789abcdef"],
  ["https://loom.com/share/How-to-invite-0123456789abcdef0123456789abcdef", "loom", "0123456789abcdef0123456789abcdef"],
];

test("the address of a video names its provider and id, however it is written", () => {
  for (const [address, provider, id] of FILMS) {
    assert.deepEqual([address, videoOf(address)], [address, { provider, id }]);
    assert.deepEqual(videoOf(pageOf({ provider, id })), { provider, id });
  }
});

test("no other address is a video", () => {
  for (const address of [
    "",
    "youtube",
    "https://www.youtube.com/@somebody",
    "https://www.youtube.com/watch?v=short",
    "https://www.youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
    "https://evil.example/watch?v=dQw4w9WgXcQ",
    "https://vimeo.com/76979871/0123abcdef",
    "javascript:https://youtu.be/dQw4w9WgXcQ",
    "https://www.loom.com/share/0123456789ABCDEF0123456789abcdeZ",
  ]) {
    assert.equal(videoOf(address), null, address);
  }
});
