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
import { Gapcursor, UndoRedo } from "@tiptap/extensions";
import { isImage, isLink } from "../richtext/links";
import { Button, Buttons, storedAttribute, Column, Columns, Video } from "./block-nodes";
import { Cell, Row, Table } from "./table";

const plain = (value: unknown) => ({ default: value, rendered: false });
const pixels = (name: string) => ({ ...storedAttribute(name, null), parseHTML: (element: HTMLElement) => Number(element.dataset[name]) || null });

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
  addAttributes: () => ({ language: storedAttribute("language", "") }),
  parseHTML: () => [{ tag: "pre", preserveWhitespace: "full" }],
  renderHTML: () => ["pre", ["code", 0]],
});

const Callout = Node.create({
  name: "callout",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ tone: storedAttribute("tone", "note") }),
  parseHTML: () => [{ tag: "div.rte-callout" }],
  renderHTML: ({ HTMLAttributes }) => ["div", { ...HTMLAttributes, class: "rte-callout" }, 0],
});

/** Shown as a line that names it: the admin itself never loads images from elsewhere. */
const Image = Node.create({
  name: "image",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ src: storedAttribute("src", ""), alt: storedAttribute("alt", ""), width: pixels("width"), height: pixels("height") }),
  parseHTML: () => [
    { tag: "div.rte-image", getAttrs: (element) => (isImage(element.dataset["src"] ?? "") ? null : false) },
    {
      tag: "img[src]",
      getAttrs: (element) => {
        const [src, alt] = [element.getAttribute("src") ?? "", element.getAttribute("alt") ?? ""];
        return isImage(src) && { src, alt };
      },
    },
  ],
  renderHTML: ({ node, HTMLAttributes }) => ["div", { ...HTMLAttributes, class: "rte-image" }, ["b", {}, node.attrs["alt"] || "–"], ["small", { dir: "ltr" }, node.attrs["src"]]],
});

const Person = Node.create({
  name: "person",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({ attribute: storedAttribute("attribute", "name"), fallback: storedAttribute("fallback", "") }),
  parseHTML: () => [{ tag: "span.rte-person" }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", { ...HTMLAttributes, class: "rte-person", title: node.attrs["fallback"] }, `{${node.attrs["attribute"]}}`],
  renderText: ({ node }) => String(node.attrs["fallback"]),
});

export const extensions: Extensions = [
  Document,
  Paragraph.extend({ addAttributes: () => ({ kept: { default: false, rendered: false } }) }), // empty, and stored that way
  Text,
  Heading.configure({ levels: [2, 3, 4] }),
  BulletList.extend({ addAttributes: () => ({ start: plain(1) }) }),
  OrderedList,
  ListItem.extend({ content: "block+" }),
  ListKeymap,
  Blockquote,
  Callout,
  CodeBlock,
  Image,
  Video,
  Table,
  Row,
  Cell,
  Columns,
  Column,
  Buttons,
  Button,
  HorizontalRule,
  HardBreak,
  Person,
  Bold,
  Italic,
  Code.extend({ excludes: "code" }),
  Key,
  Link.configure({ openOnClick: false, autolink: false, isAllowedUri: isLink, HTMLAttributes: { target: null, rel: null } }),
  Gapcursor,
  UndoRedo,
];
