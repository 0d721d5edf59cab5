"""Rich text is a tree: its closed list of types, its checks, and the ways out of it; embed/src/kit/text.ts draws the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from guides.addresses import check_image, check_link, image_host, is_image, is_link
from guides.values import is_storable, number, written

__all__ = ["Block", "Doc", "Inline", "check_image", "check_link", "empty", "image_hosts", "is_blank", "plain", "to_html"]

MAX_NODES, MAX_BYTES, MAX_DEPTH = 2_000, 64 * 1024, 16


def _storable(text: str) -> str:
    if not is_storable(text):
        raise PydanticCustomError("text", "holds a character that cannot be stored")
    return text


def _present(address: str) -> str:
    if not address:
        raise PydanticCustomError("address", "is empty")
    return address


_Text = Annotated[str, AfterValidator(_storable)]
_Short = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_storable)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_storable)]
_Href = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_present), AfterValidator(check_link)]
_Src = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_present), AfterValidator(check_image)]
_Pixels = Annotated[int, Field(ge=1, le=2000)]


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


class Bold(_Node):
    """Strong importance."""

    type: Literal["bold"]


class Italic(_Node):
    """Emphasis."""

    type: Literal["italic"]


class Code(_Node):
    """A piece of code within a sentence."""

    type: Literal["code"]


class KeyCap(_Node):
    """A key of the keyboard."""

    type: Literal["key"]


class Hyperlink(_Node):
    """Leads to an address."""

    type: Literal["link"]
    href: _Href


Mark = Annotated[Bold | Italic | Code | KeyCap | Hyperlink, Field(discriminator="type")]


class Words(_Node):
    """Text with its marks."""

    type: Literal["text"]
    text: _Text
    marks: list[Mark] = []

    @field_validator("marks")
    @classmethod
    def _each_once(cls, marks: list[Mark]) -> list[Mark]:
        if len({mark.type for mark in marks}) < len(marks):
            raise PydanticCustomError("marks", "holds the same mark twice")
        return marks


class Variable(_Node):
    """An attribute of the person who reads, or the fallback."""

    type: Literal["person"]
    attribute: _Name
    fallback: _Short = ""


class Break(_Node):
    """A new line in the same paragraph."""

    type: Literal["break"]


Inline = Annotated[Words | Variable | Break, Field(discriminator="type")]


class Paragraph(_Node):
    """A paragraph."""

    type: Literal["paragraph"]
    content: list[Inline] = []


class Heading(_Node):
    """A heading; level 1 is the title of whatever holds the document."""

    type: Literal["heading"]
    level: Literal[2, 3, 4]
    content: list[Inline] = []


class Item(_Node):
    """One item of a list."""

    type: Literal["item"]
    content: list[Block] = []


class Listing(_Node):
    """A list, with numbers or without."""

    type: Literal["list"]
    ordered: bool = False
    start: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    content: list[Item] = []


class Quote(_Node):
    """Words of somebody else."""

    type: Literal["quote"]
    content: list[Block] = []


class Callout(_Node):
    """Something that stands out."""

    type: Literal["callout"]
    tone: Literal["note", "tip", "warning"]
    content: list[Block] = []


class CodeBlock(_Node):
    """Lines of code."""

    type: Literal["code"]
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+#.-]{0,30}$")] = ""
    text: _Text = ""


class Picture(_Node):
    """An image by its address; what it shows is said in words."""

    type: Literal["image"]
    src: _Src
    alt: _Short = ""
    width: _Pixels | None = None
    height: _Pixels | None = None


class Divider(_Node):
    """A line across."""

    type: Literal["divider"]


Block = Annotated[
    Paragraph | Heading | Listing | Quote | Callout | CodeBlock | Picture | Divider,
    Field(discriminator="type"),
]


class Doc(_Node):
    """One document: blocks in order, of bounded size and depth."""

    type: Literal["doc"]
    content: list[Block] = []

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, raw: object) -> object:
        """Refuse what is too large or too deep before it is walked."""
        todo, nodes, size = [(raw, 0, True)], 0, 0
        while todo:
            value, depth, is_node = todo.pop()
            nodes, size = nodes + (is_node and isinstance(value, dict)), size + _bytes_in(value)
            if nodes > MAX_NODES or size > MAX_BYTES:
                raise PydanticCustomError("too_long", "is too long: at most 2,000 parts and 64 KB")
            if depth > MAX_DEPTH and isinstance(value, dict):
                raise PydanticCustomError("too_deep", "has too many lists or quotes within each other")
            todo.extend(_inside(value, depth, is_node))
        return raw


def empty() -> Doc:
    """A document with nothing in it."""
    return Doc(type="doc")


def is_blank(doc: Doc) -> bool:
    """Whether a reader would see nothing."""
    return not any(isinstance(node, Variable | Picture | Divider) or getattr(node, "text", "").strip() for node in _walk(doc))


def image_hosts(doc: Doc) -> set[str]:
    """The hosts, with a port that is not the usual one, that the images come from."""
    return {image_host(node.src) for node in _walk(doc) if isinstance(node, Picture)}


def plain(doc: Doc, person: Mapping[str, Any] | None = None) -> str:
    """The words alone, a line for each block; for search, for lists and for mail without HTML."""
    return "\n".join(line for block in doc.content for line in _lines(block, person))


def to_html(doc: Doc, person: Mapping[str, Any] | None = None) -> str:
    """The document as HTML, for previews, help pages and mail; every word goes through one escaper."""
    return "".join(_block(block, person) for block in doc.content)


def said(node: Variable, person: Mapping[str, Any] | None) -> str:
    """What a variable becomes: the person's own attribute as text, taken as it is, or the fallback."""
    held = (person or {}).get(node.attribute)
    if isinstance(held, str):
        return held or node.fallback
    amount = number(held)
    return node.fallback if amount is None else written(amount)


# Walking


def _children(node: Any) -> list[Any]:
    return getattr(node, "content", [])


def _inside(value: object, depth: int, is_node: bool) -> Iterator[tuple[object, int, bool]]:
    """The values within a raw one; only what hangs under `content` is a node."""
    if isinstance(value, dict):
        yield from ((inner, depth + 1, key == "content") for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((inner, depth, is_node) for inner in value)


def _bytes_in(value: object) -> int:
    return len(value.encode(errors="replace")) if isinstance(value, str) else 8


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for inner in _children(node):
        yield from _walk(inner)


# To text


def _lines(block: Any, person: Mapping[str, Any] | None) -> Iterator[str]:
    match block:
        case Paragraph() | Heading():
            yield from _sentence(block.content, person).split("\n")
        case CodeBlock():
            yield from block.text.split("\n")
        case Picture():
            yield from filter(None, [block.alt])
        case Listing():
            for number, item in enumerate(block.content, block.start):
                yield from _indented(f"{number}. " if block.ordered else "- ", item, person)
        case Quote() | Callout():
            for inner in block.content:
                yield from _lines(inner, person)


def _indented(bullet: str, item: Item, person: Mapping[str, Any] | None) -> Iterator[str]:
    lines = [line for block in item.content for line in _lines(block, person)]
    for at, line in enumerate(lines or [""]):
        yield (" " * len(bullet) if at else bullet) + line


def _sentence(content: list[Inline], person: Mapping[str, Any] | None) -> str:
    return "".join(_spoken(node, person) for node in content)


def _spoken(node: Words | Variable | Break, person: Mapping[str, Any] | None) -> str:
    if isinstance(node, Words):
        return node.text
    return said(node, person) if isinstance(node, Variable) else "\n"


# To HTML

_TAGS = {"bold": "strong", "italic": "em", "code": "code", "key": "kbd"}
_RANK = {"link": 0, "bold": 1, "italic": 2, "key": 3, "code": 4}


def _element(tag: str, inner: str | None = None, /, **attributes: object) -> str:
    """An element, without inner a void one; attributes that are None are left out."""
    shown = "".join(f' {name}="{escape(str(value))}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{shown}>" if inner is None else f"<{tag}{shown}>{inner}</{tag}>"


def _block(block: Any, person: Mapping[str, Any] | None) -> str:
    match block:
        case Paragraph():
            return _element("p", _inlines(block.content, person))
        case Heading():
            return _element(f"h{block.level}", _inlines(block.content, person))
        case Listing():
            return _listed(block, person)
        case Quote():
            return _element("blockquote", _blocks(block.content, person))
        case Callout():
            return _element("div", _blocks(block.content, person), **{"class": f"callout {block.tone}", "role": "note"})
        case CodeBlock():
            return _element("pre", _element("code", escape(block.text), **{"data-language": block.language or None}))
        case Picture() if is_image(block.src):
            return _pictured(block)
        case Divider():
            return _element("hr")
    return ""


def _blocks(content: list[Any], person: Mapping[str, Any] | None) -> str:
    return "".join(_block(block, person) for block in content)


def _listed(block: Listing, person: Mapping[str, Any] | None) -> str:
    items = "".join(_element("li", _blocks(item.content, person)) for item in block.content)
    return _element("ol", items, start=None if block.start == 1 else block.start) if block.ordered else _element("ul", items)


def _pictured(block: Picture) -> str:
    size = {"width": block.width, "height": block.height}
    return _element("img", loading="lazy", referrerpolicy="no-referrer", alt=block.alt, **size, src=block.src)


def _inlines(content: list[Any], person: Mapping[str, Any] | None, depth: int = 0) -> str:
    """A sentence; neighbours with the same mark share one element, so a link across bold words stays one link."""
    html = ""
    for mark, run in groupby(content, lambda node: _mark(node, depth)):
        nodes = list(run)
        html += _marked(mark, _inlines(nodes, person, depth + 1)) if mark else "".join(_leaf(node, person) for node in nodes)
    return html


def _mark(node: Any, depth: int) -> tuple[str, str] | None:
    """The mark at this depth, links outermost."""
    marks = sorted(getattr(node, "marks", ()), key=lambda mark: _RANK[mark.type])
    return (marks[depth].type, getattr(marks[depth], "href", "")) if depth < len(marks) else None


def _marked(mark: tuple[str, str], inner: str) -> str:
    kind, href = mark
    if kind != "link":
        return _element(_TAGS[kind], inner)
    return _element("a", inner, href=href, target="_blank", rel="noopener noreferrer") if is_link(href) else inner


def _leaf(node: Any, person: Mapping[str, Any] | None) -> str:
    return _element("br") if isinstance(node, Break) else escape(_spoken(node, person))
