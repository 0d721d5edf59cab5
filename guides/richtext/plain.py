"""Rich text as plain text: for search, lists and mail without HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guides.coercion import number, written
from guides.richtext.nodes import (
    Break,
    ButtonRow,
    Callout,
    CodeBlock,
    Columns,
    Heading,
    ImageBlock,
    Inline,
    Item,
    ListBlock,
    Paragraph,
    Quote,
    RichText,
    Table,
    TextNode,
    Variable,
    Video,
)


def to_plain_text(document: RichText, person: Mapping[str, Any] | None = None) -> str:
    """The text of the document, one line for each block."""
    return "\n".join(line for block in document.content for line in _lines(block, person))


def inline_text(node: TextNode | Variable | Break, person: Mapping[str, Any] | None) -> str:
    """The text of one inline node for this person."""
    if isinstance(node, TextNode):
        return node.text
    return _variable_value(node, person) if isinstance(node, Variable) else "\n"


def _variable_value(node: Variable, person: Mapping[str, Any] | None) -> str:
    """The person's attribute as text, or the fallback where it is missing, empty or no text or number."""
    value = (person or {}).get(node.attribute)
    if isinstance(value, str):
        return value or node.fallback
    amount = number(value)
    return node.fallback if amount is None else written(amount)


def _lines(block: Any, person: Mapping[str, Any] | None) -> Iterator[str]:
    match block:
        case Paragraph() | Heading():
            yield from _inlines(block.content, person).split("\n")
        case CodeBlock():
            yield from block.text.split("\n")
        case ImageBlock():
            yield from filter(None, [block.alt])
        case ListBlock():
            for number, item in enumerate(block.content, block.start):
                yield from _indented(f"{number}. " if block.ordered else "- ", item, person)
        case Quote() | Callout():
            for child in block.content:
                yield from _lines(child, person)
        case Video():
            yield from filter(None, [block.title])
        case ButtonRow():
            yield from (button.label for button in block.content)
        case Columns():
            yield from (line for column in block.content for child in column.content for line in _lines(child, person))
        case Table():
            for row in block.content:
                yield "\t".join(" ".join(line for child in cell.content for line in _lines(child, person)) for cell in row.content)


def _indented(bullet: str, item: Item, person: Mapping[str, Any] | None) -> Iterator[str]:
    lines = [line for block in item.content for line in _lines(block, person)]
    for index, line in enumerate(lines or [""]):
        yield (" " * len(bullet) if index else bullet) + line


def _inlines(content: list[Inline], person: Mapping[str, Any] | None) -> str:
    return "".join(inline_text(node, person) for node in content)
