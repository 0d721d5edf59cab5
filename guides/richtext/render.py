"""Rich text is a tree of nodes: its ways out, to words and to HTML; embed/src/richtext/render.ts draws the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby
from typing import Any

from guides.coercion import number, written
from guides.richtext.links import check_image, check_link, image_host, is_image, is_link
from guides.richtext.nodes import (
    FRAMES,
    Block,
    Break,
    ButtonRow,
    Callout,
    CodeBlock,
    Columns,
    Divider,
    Doc,
    Heading,
    Inline,
    Item,
    LinkButton,
    Listing,
    Mark,
    Paragraph,
    Picture,
    Quote,
    Table,
    Variable,
    Video,
    Words,
    is_video,
)

__all__ = [
    "VIDEO_HOSTS",
    "Block",
    "Doc",
    "Inline",
    "Mark",
    "asked_host",
    "check_image",
    "check_link",
    "empty",
    "image_hosts",
    "is_blank",
    "plain",
    "to_html",
]

VIDEO_HOSTS = {provider: address.split("/")[2] for provider, (_form, address) in FRAMES.items()}


def empty() -> Doc:
    """A document with nothing in it."""
    return Doc(type="doc")


def is_blank(doc: Doc) -> bool:
    """Whether a reader would see nothing."""
    seen = Variable | Picture | Divider | Video | LinkButton
    return not any(isinstance(node, seen) or getattr(node, "text", "").strip() for node in _walk(doc))


def image_hosts(doc: Doc) -> set[str]:
    """The hosts, with a port that is not the usual one, that the images come from."""
    return {image_host(node.src) for node in _walk(doc) if isinstance(node, Picture)}


def asked_host(node: Mapping[str, Any]) -> str:
    """The host that a node, as it is stored, makes browsers ask; none where it asks nobody, or draws nothing."""
    kind, src, provider = node.get("type"), node.get("src"), node.get("provider")
    if kind == "image" and isinstance(src, str):
        return image_host(src) if is_image(src) else ""
    return VIDEO_HOSTS.get(provider, "") if kind == "video" and isinstance(provider, str) else ""


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
        case Video():
            yield from filter(None, [block.title])
        case ButtonRow():
            yield from (button.label for button in block.content)
        case Columns():
            yield from (line for column in block.content for inner in column.content for line in _lines(inner, person))
        case Table():
            for row in block.content:
                yield "\t".join(" ".join(line for inner in cell.content for line in _lines(inner, person)) for cell in row.content)


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
        case Table():
            return _tabled(block, person)
        case Video() if is_video(block.provider, block.id):
            return _filmed(block)
        case Columns():
            inner = "".join(_element("div", _blocks(column.content, person)) for column in block.content)
            return _element("div", inner, **{"class": "columns"})
        case ButtonRow():
            return _element("p", "".join(map(_pressed, block.content)), **{"class": "buttons"})
    return ""


def _blocks(content: list[Any], person: Mapping[str, Any] | None) -> str:
    return "".join(_block(block, person) for block in content)


def _listed(block: Listing, person: Mapping[str, Any] | None) -> str:
    items = "".join(_element("li", _blocks(item.content, person)) for item in block.content)
    return _element("ol", items, start=None if block.start == 1 else block.start) if block.ordered else _element("ul", items)


def _tabled(block: Table, person: Mapping[str, Any] | None) -> str:
    rows = ""
    for at, row in enumerate(block.content):
        tag, scope = ("th", "col") if block.header and not at else ("td", None)
        rows += _element("tr", "".join(_element(tag, _blocks(cell.content, person), scope=scope) for cell in row.content))
    return _element("div", _element("table", _element("tbody", rows)), **{"class": "table", "tabindex": 0})


def _filmed(block: Video) -> str:
    ways = {"sandbox": "allow-scripts allow-same-origin allow-presentation", "allow": "fullscreen; picture-in-picture"}
    src = FRAMES[block.provider][1].format(block.id)
    policy = "strict-origin-when-cross-origin"
    frame = _element("iframe", "", loading="lazy", title=block.title or "Video", **ways, referrerpolicy=policy, src=src)
    return _element("div", frame, **{"class": "video"})


def _pressed(button: LinkButton) -> str:
    look = {"class": f"btn btn-{button.look}"}
    away = {"href": button.href, "target": "_blank", "rel": "noopener noreferrer"}
    return _element("a", escape(button.label), **look, **away) if is_link(button.href) else ""


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
