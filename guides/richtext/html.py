"""Rich text as HTML, for previews, help pages and mail; embed/src/richtext/render.ts draws the same."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

from guides.richtext.links import is_image, is_link
from guides.richtext.media import is_video, video_url
from guides.richtext.nodes import (
    Break,
    ButtonRow,
    Callout,
    CodeBlock,
    Columns,
    Divider,
    Heading,
    ImageBlock,
    LinkButton,
    ListBlock,
    Paragraph,
    Quote,
    RichText,
    Table,
    Video,
)
from guides.richtext.plain import inline_text

_TAGS = {"bold": "strong", "italic": "em", "code": "code", "key": "kbd"}
_NESTING_ORDER = {"link": 0, "bold": 1, "italic": 2, "key": 3, "code": 4}


def to_html(document: RichText, person: Mapping[str, Any] | None = None) -> str:
    """The document as HTML for one person; all text passes through one escaper."""
    return "".join(_block(block, person) for block in document.content)


def _element(tag: str, content: str | None = None, /, **attributes: object) -> str:
    """An element around HTML, void without it; attribute values are escaped, those that are None left out."""
    written = "".join(f' {name}="{escape(str(value))}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{written}>" if content is None else f"<{tag}{written}>{content}</{tag}>"


def _block(block: Any, person: Mapping[str, Any] | None) -> str:
    match block:
        case Paragraph():
            return _element("p", _inlines(block.content, person))
        case Heading():
            return _element(f"h{block.level}", _inlines(block.content, person))
        case ListBlock():
            return _list(block, person)
        case Quote():
            return _element("blockquote", _blocks(block.content, person))
        case Callout():
            return _element("div", _blocks(block.content, person), **{"class": f"callout {block.tone}", "role": "note"})
        case CodeBlock():
            return _element("pre", _element("code", escape(block.text), **{"data-language": block.language or None}))
        case ImageBlock() if is_image(block.src):
            return _image(block)
        case Divider():
            return _element("hr")
        case Table():
            return _table(block, person)
        case Video() if is_video(block.provider, block.id):
            return _video(block)
        case Columns():
            columns = "".join(_element("div", _blocks(column.content, person)) for column in block.content)
            return _element("div", columns, **{"class": "columns"})
        case ButtonRow():
            return _element("p", "".join(map(_button, block.content)), **{"class": "buttons"})
    return ""


def _blocks(content: list[Any], person: Mapping[str, Any] | None) -> str:
    return "".join(_block(block, person) for block in content)


def _list(block: ListBlock, person: Mapping[str, Any] | None) -> str:
    items = "".join(_element("li", _blocks(item.content, person)) for item in block.content)
    return _element("ol", items, start=None if block.start == 1 else block.start) if block.ordered else _element("ul", items)


def _table(block: Table, person: Mapping[str, Any] | None) -> str:
    rows = ""
    for index, row in enumerate(block.content):
        tag, scope = ("th", "col") if block.header and not index else ("td", None)
        rows += _element("tr", "".join(_element(tag, _blocks(cell.content, person), scope=scope) for cell in row.content))
    return _element("div", _element("table", _element("tbody", rows)), **{"class": "table", "tabindex": 0})


def _video(block: Video) -> str:
    permissions = {"sandbox": "allow-scripts allow-same-origin allow-presentation", "allow": "fullscreen; picture-in-picture"}
    src = video_url(block.provider, block.id)
    policy = "strict-origin-when-cross-origin"
    frame = _element("iframe", "", loading="lazy", title=block.title or "Video", **permissions, referrerpolicy=policy, src=src)
    return _element("div", frame, **{"class": "video"})


def _button(button: LinkButton) -> str:
    style = {"class": f"btn btn-{button.look}"}
    link = {"href": button.href, "target": "_blank", "rel": "noopener noreferrer"}
    return _element("a", escape(button.label), **style, **link) if is_link(button.href) else ""


def _image(block: ImageBlock) -> str:
    size = {"width": block.width, "height": block.height}
    return _element("img", loading="lazy", referrerpolicy="no-referrer", alt=block.alt, **size, src=block.src)


def _inlines(content: list[Any], person: Mapping[str, Any] | None, depth: int = 0) -> str:
    """A sentence; neighbours with the same mark share one element, so a link across bold words stays one link."""
    html = ""
    for mark, run in groupby(content, lambda node: _mark_at(node, depth)):
        nodes = list(run)
        html += _wrap_in_mark(mark, _inlines(nodes, person, depth + 1)) if mark else "".join(_inline(node, person) for node in nodes)
    return html


def _mark_at(node: Any, depth: int) -> tuple[str, str] | None:
    """The mark at this depth, links outermost."""
    marks = sorted(getattr(node, "marks", ()), key=lambda mark: _NESTING_ORDER[mark.type])
    return (marks[depth].type, getattr(marks[depth], "href", "")) if depth < len(marks) else None


def _wrap_in_mark(mark: tuple[str, str], content: str) -> str:
    type, href = mark
    if type != "link":
        return _element(_TAGS[type], content)
    return _element("a", content, href=href, target="_blank", rel="noopener noreferrer") if is_link(href) else content


def _inline(node: Any, person: Mapping[str, Any] | None) -> str:
    return _element("br") if isinstance(node, Break) else escape(inline_text(node, person))
