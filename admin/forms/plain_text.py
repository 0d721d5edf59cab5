"""Rich text for browsers without a script: the document as plain paragraphs, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def to_plain_text(tree: Any) -> str:
    """The text of a document, a blank line between blocks; empty for anything that is no document."""
    return "\n\n".join(filter(None, (_block(block) for block in _content(tree))))


def from_plain_text(text: str) -> dict[str, Any]:
    """A document of one paragraph for each run of lines."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]
    return {"type": "doc", "content": [{"type": "paragraph", "content": _lines(paragraph)} for paragraph in paragraphs]}


def _lines(paragraph: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    for number, line in enumerate(paragraph.split("\n")):
        if number:
            content.append({"type": "break"})
        if line:
            content.append({"type": "text", "text": line, "marks": []})
    return content


def _content(node: Any) -> list[Any]:
    content = node.get("content") if isinstance(node, Mapping) else None
    return content if isinstance(content, list) else []


def _block(node: Any) -> str:
    if not isinstance(node, Mapping):
        return ""
    if isinstance(node.get("text"), str):
        return str(node["text"])
    node_type = node.get("type")
    if node_type == "break":
        return "\n"
    if node_type == "person":
        return str(node.get("fallback") or node.get("attribute") or "")
    if node_type == "image":
        return str(node.get("alt") or "")
    separator = "\n" if node_type in ("list", "item", "quote", "callout") else ""
    return separator.join(filter(None, (_block(child) for child in _content(node))))
