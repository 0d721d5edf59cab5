"""Rich text for browsers without a script: the tree as plain paragraphs, and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any


def plain(tree: Any) -> str:
    """The words of a tree, a blank line between blocks; anything else is empty."""
    return "\n\n".join(filter(None, (_block(block) for block in _content(tree))))


def paragraphs(text: str) -> dict[str, Any]:
    """A tree of one paragraph for each run of lines."""
    runs = [run.strip() for run in re.split(r"\n\s*\n", text) if run.strip()]
    return {"type": "doc", "content": [{"type": "paragraph", "content": _lines(run)} for run in runs]}


def _lines(run: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    for number, line in enumerate(run.split("\n")):
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
    word = node.get("type")
    if word == "break":
        return "\n"
    if word == "person":
        return str(node.get("fallback") or node.get("attribute") or "")
    if word == "image":
        return str(node.get("alt") or "")
    between = "\n" if word in ("list", "item", "quote", "callout") else ""
    return between.join(filter(None, (_block(inner) for inner in _content(node))))
