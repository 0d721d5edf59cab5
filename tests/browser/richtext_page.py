"""A member at a rich-text field: what their hands do, and what is stored of it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.editor_page import Author
from tests.browser.scenarios import button, draft, step

FILM = "dQw4w9WgXcQ"


def open_with(author: Author, doc: dict[str, Any] | None = None) -> None:
    """A tour of one step with this text, empty if not said, open in the editor with the cursor in it."""
    said = doc or {"type": "doc", "content": []}
    guide = author.site.run(draft("Rich", step("only", text=said, buttons=[button("Done", "finish")])))
    author.open(f"guides/{guide.id}")
    expect(author.preview).to_be_visible()
    text(author).click()


def text(author: Author) -> Locator:
    """Where it is written."""
    return author.field("text").get_by_role("textbox", name="Text")


def bar(author: Author, name: str) -> Locator:
    """One of its toolbars."""
    return author.field("text").get_by_role("toolbar", name=name)


def insert(author: Author, what: str) -> None:
    """Choose from the menu of blocks."""
    bar(author, "Formatting").get_by_role("button", name="Insert", exact=True).click()
    author.field("text").get_by_role("button", name=what, exact=True).locator("visible=true").last.click()


def asked(author: Author, name: str, **answers: str) -> Locator:
    """Answer a question; names are the labels with _ for spaces."""
    panel = author.field("text").get_by_role("group", name=name)
    for label, answer in answers.items():
        panel.get_by_label(label.replace("_", " "), exact=True).fill(answer)
    panel.get_by_role("button", name=name).click()
    return panel


def stored(author: Author) -> list[dict[str, Any]]:
    """The blocks, as they are saved."""
    author.stored()
    blocks: list[dict[str, Any]] = json.loads(author.field("text").locator("[data-tree]").input_value())["content"]
    return blocks


def words(block: dict[str, Any]) -> str:
    """All its words."""
    return block.get("text", "") + "".join(words(inner) for inner in block.get("content", []))


def outline(block: dict[str, Any]) -> Any:
    """The types with their words, short."""
    if "text" in block:
        return "/".join([block["text"], *(mark.get("href") or mark["type"] for mark in block.get("marks", []))])
    inner = [outline(each) for each in block.get("content", [])]
    return inner if block["type"] == "paragraph" else {block["type"] + ("+" if block.get("ordered") or block.get("header") else ""): inner}


def _paragraph(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words, "marks": []}]}


def _cells(*words: str) -> dict[str, Any]:
    return {"type": "row", "content": [{"type": "cell", "content": [_paragraph(each)]} for each in words]}


FULL = {
    "type": "doc",
    "content": [
        {"type": "table", "header": True, "content": [_cells("Plan", "Seats"), _cells("Pro", "20")]},
        {"type": "columns", "content": [{"type": "column", "content": [_paragraph(each)]} for each in ("Left", "Right")]},
        {"type": "callout", "tone": "tip", "content": [_paragraph("Mind the step")]},
        {"type": "video", "provider": "youtube", "id": FILM, "title": "How to invite"},
        {"type": "image", "src": "https://img.example/a.png", "alt": "A boat", "width": 40, "height": None},
        {
            "type": "buttons",
            "content": [
                {"type": "button", "label": "Open deals", "href": "/deals", "look": "main"},
                {"type": "button", "label": "Read more", "href": "https://a.example/", "look": "plain"},
            ],
        },
        {"type": "code", "language": "js", "text": "a()"},
        _paragraph("The end"),
    ],
}
