"""The whole plugin interface: a kind says what it is and answers five questions (public API)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

Path = tuple[str | int, ...]


class Lane(StrEnum):
    """The room on screen a guide asks for: one in focus, one in the corner, many inline."""

    FOCUS = "focus"
    CORNER = "corner"
    INLINE = "inline"


class Status(StrEnum):
    """How far one person has come in one guide."""

    STARTED = "started"
    COMPLETED = "completed"
    DISMISSED = "dismissed"


class Body(BaseModel):
    """What the author writes; unknown fields are refused, defaults show in the generated types."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


AnyBody = Body


@dataclass(frozen=True, slots=True)
class Problem:
    """What the author must mend before publishing; a `warning` may be published all the same.

    `path` leads to the field, such as ("steps", 2, "target"), empty for the whole guide.
    """

    path: Path
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a guide is delivered to: id (None while anonymous), attributes and those of the company."""

    id: str | None
    attributes: Mapping[str, Any]
    company: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Progress:
    """How far one person is in one guide; `advance` changes it in memory, the core stores it."""

    status: Status = Status.STARTED
    item: str | None = None
    done: list[str] = field(default_factory=list)
    shown: int = 0

    def mark(self, key: str) -> None:
        """Note an item as done, once."""
        if key not in self.done:
            self.done.append(key)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person in one guide."""

    name: str
    item: str | None
    at: datetime
    props: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Count:
    """A figure: how many people an event happened to, or how often when `people` is false."""

    label: str
    event: str
    people: bool = True


@dataclass(frozen=True, slots=True)
class Funnel:
    """People who reached each item in order, counted by one event: `items` are (key, label)."""

    label: str
    event: str
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PerItem:
    """People an event happened to, by item: `items` are (key, label)."""

    label: str
    event: str
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """How often the element of each item was found: `event` says that it was, `missed` that it was not; `items` are (key, label)."""

    label: str
    event: str
    missed: str
    items: Sequence[tuple[str, str]]


Metric = Count | Funnel | PerItem | Found

COMMON_EVENTS = frozenset({"shown", "completed", "dismissed", "snoozed"})


class Kind:
    """One kind of guide: it describes, the layers act. No I/O, no clock, no query.

    Subclasses give `slug` (for ever), `label`, `Body` and `starter`; the rest has defaults. Hand over one
    instance called `kind`, from a module in `registry.BUILT_IN` or an entry point of the group `handrail.kinds`.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    plural: ClassVar[str]
    purpose: ClassVar[str] = ""
    lane: ClassVar[Lane] = Lane.FOCUS
    events: ClassVar[frozenset[str]] = frozenset()
    Body: ClassVar[type[AnyBody]]

    def starter(self) -> AnyBody:
        """The body of a new guide, ready to be published after the author's words."""
        raise NotImplementedError

    def check(self, body: Any) -> Iterable[Problem]:
        """What must be mended before publishing, beyond what the types of the Body say."""
        return ()

    def deliver(self, body: Any, person: Person) -> dict[str, Any]:
        """What the browser of this person gets of the body; plain JSON."""
        delivered: dict[str, Any] = body.model_dump(mode="json")
        return delivered

    def advance(self, progress: Progress, event: Event, body: Any) -> None:
        """Change `progress` in memory for one event; the common three are already applied."""

    def metrics(self, body: Any) -> Sequence[Metric]:
        """What is worth counting beyond who saw it, finished it and closed it."""
        return ()
