// What the editor can hold: exactly the blocks, inlines and marks of the stored tree.

import { type Extensions, Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UndoRedo } from "@tiptap/extensions";

const plain = (value: unknown) => ({ default: value, rendered: false });

const Key = Mark.create({
  name: "key",
  parseHTML: () => [{ tag: "kbd" }],
  renderHTML: () => ["kbd", 0],
});

const CodeBlock = Node.create({
  name: "codeBlock",
  group: "block",
  content: "text*",
  marks: "",
  code: true,
  defining: true,
  addAttributes: () => ({ language: plain("") }),
  parseHTML: () => [{ tag: "pre", preserveWhitespace: "full" }],
  renderHTML: () => ["pre", ["code", 0]],
});

const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ tone: plain("note") }),
  renderHTML: ({ node }) => ["div", { class: "rte-callout", "data-tone": node.attrs["tone"] }, 0],
});

/** Shown as a line that names it: the admin itself never loads images from elsewhere. */
const Image = Node.create({
  name: "image",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ src: plain(""), alt: plain(""), width: plain(null), height: plain(null) }),
  parseHTML: () => [
    {
      tag: 'img[src^="https:"]',
      getAttrs: (element) => ({ src: element.getAttribute("src"), alt: element.getAttribute("alt") ?? "" }),
    },
  ],
  renderHTML: ({ node }) => ["div", { class: "rte-image" }, ["b", {}, node.attrs["alt"] || "–"], ["small", { dir: "ltr" }, node.attrs["src"]]],
});

const Person = Node.create({
  name: "person",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ attribute: plain("name"), fallback: plain("") }),
  renderHTML: ({ node }) => ["span", { class: "rte-person", title: node.attrs["fallback"] }, `{${node.attrs["attribute"]}}`],
  renderText: ({ node }) => String(node.attrs["fallback"]),
});

export const extensions: Extensions = [
  Document,
  Paragraph,
  Text,
  Heading.configure({ levels: [2, 3, 4] }),
  BulletList,
  OrderedList,
  ListItem.extend({ content: "block+" }),
  ListKeymap,
  Blockquote,
  Callout,
  CodeBlock,
  Image,
  HorizontalRule,
  HardBreak,
  Person,
  Bold,
  Italic,
  Code,
  Key,
  Link.configure({ openOnClick: false, autolink: false, protocols: ["mailto", "tel"], HTMLAttributes: { target: null, rel: null } }),
  UndoRedo,
];
