// Columns, rows of buttons and videos. The admin itself loads nothing from elsewhere: a video is a line that names it.

import { Node } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { isLink } from "../richtext/links";
import { videoOf, pageOf } from "./video-url";

const datasetValue = (element: HTMLElement, name: string): string => element.dataset[name] ?? "";

/** An attribute that is written to the page, so that it survives copying. */
export const storedAttribute = (name: string, value: unknown) => ({
  default: value,
  parseHTML: (element: HTMLElement) => element.dataset[name],
  renderHTML: (attributes: Record<string, unknown>) => (attributes[name] == null ? {} : { [`data-${name}`]: String(attributes[name]) }),
});

export const Columns = Node.create({
  name: "columns",
  group: "block",
  content: "column*",
  isolating: true,
  parseHTML: () => [{ tag: "div.rte-columns" }],
  renderHTML: () => ["div", { class: "rte-columns" }, 0],
});

export const Column = Node.create({
  name: "column",
  content: "block+",
  isolating: true,
  parseHTML: () => [{ tag: "div.rte-column" }],
  renderHTML: () => ["div", { class: "rte-column" }, 0],
});

/** A row goes with its last button, however that went. */
const tidy = new Plugin({
  appendTransaction(changes, _before, { doc, tr }) {
    if (!changes.some((change) => change.docChanged)) return null;
    doc.descendants((node, pos) => {
      if (node.type.name === "buttons" && !node.childCount) tr.delete(tr.mapping.map(pos), tr.mapping.map(pos + node.nodeSize));
    });
    return tr.docChanged ? tr : null;
  },
});

export const Buttons = Node.create({
  name: "buttons",
  group: "block",
  content: "button*",
  selectable: false,
  parseHTML: () => [{ tag: "div.rte-buttons" }],
  renderHTML: () => ["div", { class: "rte-buttons" }, 0],
  addProseMirrorPlugins: () => [tidy],
});

export const Button = Node.create({
  name: "button",
  atom: true,
  addAttributes: () => ({ label: storedAttribute("label", ""), href: storedAttribute("href", ""), look: storedAttribute("look", "main") }),
  parseHTML: () => [{ tag: "span.rte-button", getAttrs: (element) => (datasetValue(element, "label") && isLink(datasetValue(element, "href")) ? null : false) }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", { ...HTMLAttributes, class: "rte-button", title: node.attrs["href"] }, node.attrs["label"]],
  renderText: ({ node }) => String(node.attrs["label"]),
});

export const Video = Node.create({
  name: "video",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({ provider: storedAttribute("provider", "youtube"), id: storedAttribute("id", ""), title: storedAttribute("title", "") }),
  parseHTML: () => [
    {
      tag: "div.rte-video",
      getAttrs: (element) => (videoOf(pageOf({ provider: datasetValue(element, "provider"), id: datasetValue(element, "id") })) ? null : false),
    },
    {
      tag: "iframe[src]",
      getAttrs: (element) => {
        const film = videoOf(element.getAttribute("src") ?? "");
        return film ? { ...film, title: element.getAttribute("title") ?? "" } : false;
      },
    },
  ],
  renderHTML: ({ node, HTMLAttributes }) => {
    const page = pageOf({ provider: node.attrs["provider"], id: node.attrs["id"] }).replace("https://", "");
    return ["div", { ...HTMLAttributes, class: "rte-video" }, ["b", {}, node.attrs["title"] || "–"], ["small", { dir: "ltr" }, page]];
  },
});
