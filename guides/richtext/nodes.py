"""The node types of rich text, each with its checks; no other node can be stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from guides.coercion import is_storable
from guides.richtext.links import check_image, check_link, image_host
from guides.richtext.media import is_video

MAX_NODES, MAX_BYTES, MAX_DEPTH = 2_000, 64 * 1024, 16


def _storable(text: str) -> str:
    if not is_storable(text):
        raise PydanticCustomError("text", "holds a character that cannot be stored")
    return text


def _required(address: str) -> str:
    if not address:
        raise PydanticCustomError("address", "is empty")
    return address


_Text = Annotated[str, AfterValidator(_storable)]
_Short = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_storable)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_storable)]
_Href = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_required), AfterValidator(check_link)]
_Src = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_required), AfterValidator(check_image)]
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
    """A link to an address."""

    type: Literal["link"]
    href: _Href


Mark = Annotated[Bold | Italic | Code | KeyCap | Hyperlink, Field(discriminator="type")]


class TextNode(_Node):
    """Text with its marks."""

    type: Literal["text"]
    text: _Text
    marks: list[Mark] = []

    @field_validator("marks")
    @classmethod
    def _refuse_repeated_marks(cls, marks: list[Mark]) -> list[Mark]:
        if len({mark.type for mark in marks}) < len(marks):
            raise PydanticCustomError("marks", "holds the same mark twice")
        return marks


class Variable(_Node):
    """An attribute of the reading person, or the fallback where there is none."""

    type: Literal["person"]
    attribute: _Name
    fallback: _Short = ""


class Break(_Node):
    """A line break inside a paragraph."""

    type: Literal["break"]


Inline = Annotated[TextNode | Variable | Break, Field(discriminator="type")]


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


class ListBlock(_Node):
    """A list, with numbers or without."""

    type: Literal["list"]
    ordered: bool = False
    start: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    content: list[Item] = []


class Quote(_Node):
    """Text quoted from somebody else."""

    type: Literal["quote"]
    content: list[Block] = []


class Callout(_Node):
    """A highlighted note, tip or warning."""

    type: Literal["callout"]
    tone: Literal["note", "tip", "warning"]
    content: list[Block] = []


class CodeBlock(_Node):
    """Lines of code."""

    type: Literal["code"]
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+#.-]{0,30}$")] = ""
    text: _Text = ""


class ImageBlock(_Node):
    """An image by its address, with its alternative text."""

    type: Literal["image"]
    src: _Src
    alt: _Short = ""
    width: _Pixels | None = None
    height: _Pixels | None = None


class Divider(_Node):
    """A horizontal rule."""

    type: Literal["divider"]


class TableCell(_Node):
    """One cell of a table."""

    type: Literal["cell"]
    content: list[Block] = []


class TableRow(_Node):
    """One row of a table."""

    type: Literal["row"]
    content: Annotated[list[TableCell], Field(max_length=20)] = []


class Table(_Node):
    """A table; its first row may be its header."""

    type: Literal["table"]
    header: bool = False
    content: list[TableRow] = []


class Video(_Node):
    """A video by its provider and id; the address of its frame is built from the two."""

    type: Literal["video"]
    provider: Literal["youtube", "vimeo", "loom"]
    id: Annotated[str, StringConstraints(max_length=40)]
    title: _Short = ""

    @field_validator("id")
    @classmethod
    def _check_id(cls, value: str, info: ValidationInfo) -> str:
        if (provider := info.data.get("provider")) and not is_video(provider, value):
            raise PydanticCustomError("video", "is not an id of a video there")
        return value


class Column(_Node):
    """One of the columns."""

    type: Literal["column"]
    content: list[Block] = []


class Columns(_Node):
    """Blocks side by side, where there is room."""

    type: Literal["columns"]
    content: Annotated[list[Column], Field(max_length=4)] = []


class LinkButton(_Node):
    """A link drawn as a button."""

    type: Literal["button"]
    label: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_storable)]
    href: _Href
    look: Literal["main", "plain"] = "main"


class ButtonRow(_Node):
    """Buttons in a row."""

    type: Literal["buttons"]
    content: Annotated[list[LinkButton], Field(max_length=4)] = []


Block = Annotated[
    Paragraph | Heading | ListBlock | Quote | Callout | CodeBlock | ImageBlock | Divider | Table | Video | Columns | ButtonRow,
    Field(discriminator="type"),
]


class RichText(_Node):
    """A document: blocks in order, of bounded size and depth."""

    type: Literal["doc"]
    content: list[Block] = []

    @model_validator(mode="before")
    @classmethod
    def _bounded(cls, raw: object) -> object:
        """Refuse what is too large or too deep before it is walked."""
        pending, nodes, size = [(raw, 0, True)], 0, 0
        while pending:
            value, depth, is_node = pending.pop()
            nodes, size = nodes + (is_node and isinstance(value, dict)), size + _byte_size(value)
            if nodes > MAX_NODES or size > MAX_BYTES:
                raise PydanticCustomError("too_long", "is too long: at most 2,000 parts and 64 KB")
            if depth > MAX_DEPTH and isinstance(value, dict):
                raise PydanticCustomError("too_deep", "has too many lists or quotes within each other")
            pending.extend(_raw_children(value, depth, is_node))
        return raw


def _raw_children(value: object, depth: int, is_node: bool) -> Iterator[tuple[object, int, bool]]:
    """The values directly inside a raw value; only values under `content` are nodes."""
    if isinstance(value, dict):
        yield from ((child, depth + 1, key == "content") for key, child in value.items())
    elif isinstance(value, list):
        yield from ((child, depth, is_node) for child in value)


def _byte_size(value: object) -> int:
    return len(value.encode(errors="replace")) if isinstance(value, str) else 8


def empty_rich_text() -> RichText:
    """A document with no blocks."""
    return RichText(type="doc")


def is_blank(document: RichText) -> bool:
    """Whether a reader would see nothing."""
    visible = Variable | ImageBlock | Divider | Video | LinkButton
    return not any(isinstance(node, visible) or getattr(node, "text", "").strip() for node in _walk(document))


def image_hosts(document: RichText) -> set[str]:
    """The hosts of its images, each with its port where that is not the default."""
    return {image_host(node.src) for node in _walk(document) if isinstance(node, ImageBlock)}


def _walk(node: Any) -> Iterator[Any]:
    yield node
    for child in getattr(node, "content", ()):
        yield from _walk(child)
