"""The nodes of rich text: a closed list of types, each with its checks; whatever is none of them cannot be stored."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from guides.coercion import is_storable
from guides.richtext.links import check_image, check_link

MAX_NODES, MAX_BYTES, MAX_DEPTH = 2_000, 64 * 1024, 16
# A frame is built from a provider and an id of its own form; no address of anybody else is taken over.
FRAMES: Mapping[str, tuple[str, str]] = {
    "youtube": (r"[\w-]{11}", "https://www.youtube-nocookie.com/embed/{}"),
    "vimeo": (r"\d{6,12}", "https://player.vimeo.com/video/{}?dnt=1"),
    "loom": (r"[\da-f]{32}", "https://www.loom.com/embed/{}"),
}


def is_video(provider: str, id: str) -> bool:
    """Whether a provider may have a video of that id."""
    return provider in FRAMES and re.fullmatch(FRAMES[provider][0], id, re.ASCII) is not None


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
    def _in_its_form(cls, value: str, info: ValidationInfo) -> str:
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
    """A link that looks like a button."""

    type: Literal["button"]
    label: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_storable)]
    href: _Href
    look: Literal["main", "plain"] = "main"


class ButtonRow(_Node):
    """Buttons in a row."""

    type: Literal["buttons"]
    content: Annotated[list[LinkButton], Field(max_length=4)] = []


Block = Annotated[
    Paragraph | Heading | Listing | Quote | Callout | CodeBlock | Picture | Divider | Table | Video | Columns | ButtonRow,
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


def _inside(value: object, depth: int, is_node: bool) -> Iterator[tuple[object, int, bool]]:
    """The values within a raw one; only what hangs under `content` is a node."""
    if isinstance(value, dict):
        yield from ((inner, depth + 1, key == "content") for key, inner in value.items())
    elif isinstance(value, list):
        yield from ((inner, depth, is_node) for inner in value)


def _bytes_in(value: object) -> int:
    return len(value.encode(errors="replace")) if isinstance(value, str) else 8
