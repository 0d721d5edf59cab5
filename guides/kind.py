"""The whole plugin interface (public API): a kind describes one sort of guide in plain data and pure functions, the layers act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

INTERFACE = 1
"""The version of this interface; a kind that asks for a newer one is refused by name at start."""

Path = tuple[str | int, ...]
Rule = Mapping[str, Any]
"""A tree of conditions as JSON, such as {"all": [{"page": "/deals/*"}, {"attribute": {...}}]}."""


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


class DismissReason(StrEnum):
    """Why a guide was dismissed: the closed list that renderers, the embed and reports share. Anything else is stored as OTHER."""

    CLOSE = "close"
    ESCAPE = "escape"
    OUTSIDE = "outside"
    BUTTON = "button"
    SKIPPED = "skipped"
    TARGET_MISSING = "target_missing"
    ROUTE_LEFT = "route_left"
    REPLACED = "replaced"
    HOST = "host"
    OTHER = "other"


class Effect(StrEnum):
    """What an event of a kind does to progress; the server and the browser apply it alike.

    NOTED changes nothing, REACHED makes the event's item the current one, DONE marks the item as done, UNDONE takes that back.
    """

    NOTED = "noted"
    REACHED = "reached"
    DONE = "done"
    UNDONE = "undone"


class Scope(StrEnum):
    """Whose progress counts: each person's own, or what anybody of the company has done."""

    PERSON = "person"
    COMPANY = "company"


class Capability(StrEnum):
    """What a kind may declare so that the layers do more for it; they act on these and never on a kind's name.

    LISTED: other guides may list it without showing it (see `Kind.listing`). LISTS: its renderer lists other guides.
    PUBLIC_PAGE: it has a page of its own that needs no host page. HELP: its renderer uses the help client.
    """

    LISTED = "listed"
    LISTS = "lists"
    PUBLIC_PAGE = "public_page"
    HELP = "help"


class Feature(StrEnum):
    """What a body needs of the embed beyond the core kit; the browser fetches it beside the renderer.

    Rich text, links and element search are noticed by the types of the fields and need not be said.
    """

    LAYOUTS = "layouts"
    BEHAVIORS = "behaviors"
    MOUNT = "mount"


class Body(BaseModel):
    """What the author writes; unknown fields are refused, defaults show in the generated types."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


AnyBody = Body


@dataclass(frozen=True, slots=True)
class VisibleText:
    """Marks the type of a text that people in the host page read: it can be translated, and the first one of a part is its label."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What the author must fix before publishing; a `warning` may be published all the same.

    `path` leads to the field, such as ("steps", 2, "target"), empty for the whole guide.
    """

    path: Path
    message: str
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """The person a guide is delivered to, as stored: `id` is the host page's (None while anonymous), `company` its attributes.

    `membership` holds the attributes of the person in that company; `last_seen_at` is None for somebody who is not stored yet.
    """

    id: str | None
    attributes: Mapping[str, Any]
    company: Mapping[str, Any] = field(default_factory=dict)
    company_id: str | None = None
    membership: Mapping[str, Any] = field(default_factory=dict)
    anonymous_id: str | None = None
    last_seen_at: datetime | None = None


@dataclass(slots=True)
class Progress:
    """How far one person is in one guide; `advance` changes it in memory, the core stores it. `state` is the kind's own, 4 kB at most."""

    status: Status = Status.STARTED
    item: str | None = None
    done: list[str] = field(default_factory=list)
    shown: int = 0
    state: dict[str, Any] = field(default_factory=dict)

    def mark(self, key: str) -> None:
        """Marks an item as done, once."""
        if key not in self.done:
            self.done.append(key)

    def unmark(self, key: str) -> None:
        """Takes back that an item is done."""
        if key in self.done:
            self.done.remove(key)

    def apply(self, effect: Effect, item: str) -> None:
        """Applies the declared effect of an event to an item."""
        if effect is Effect.REACHED:
            self.item = item
        elif effect is Effect.DONE:
            self.mark(item)
        elif effect is Effect.UNDONE:
            self.unmark(item)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one person in one guide."""

    name: str
    item: str | None
    at: datetime
    props: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One step, task or question: its key, what reports call it, and for whom and where it is there (None: always)."""

    key: str
    label: str
    conditions: Rule | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """Marks an item as done, or completes the guide where `item` is None, once the rule holds; after the start only, if asked."""

    item: str | None
    when: Rule
    after_start: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """How a guide is listed in other guides, without being shown: plain texts, the address of an image, a date."""

    title: str
    summary: str = ""
    image: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Asks the core to set an attribute of the person or the company: handed back by `advance`."""

    name: str
    value: Any
    of: Literal["person", "company"] = "person"


@dataclass(frozen=True, slots=True)
class Visit:
    """One page view that a guide is delivered to: who, in which language (BCP 47, empty if not said), on which page.

    `listings` are the guides this person may have listed, by id; filled for kinds that declare Capability.LISTS.
    """

    person: Person
    locale: str = ""
    url: str = ""
    listings: Mapping[str, Listing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """A ready-made body that authors may begin with."""

    key: str
    name: str
    purpose: str
    body: AnyBody


Items = Sequence[tuple[str, str]]
"""Keys with what the report calls them, in order."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure: how many people an event happened to, or how often when `people` is false."""

    label: str
    event: str
    people: bool = True


@dataclass(frozen=True, slots=True)
class Funnel:
    """People who reached each item in order, counted by one event."""

    label: str
    event: str
    items: Items


@dataclass(frozen=True, slots=True)
class CountByItem:
    """People an event happened to, by item."""

    label: str
    event: str
    items: Items


@dataclass(frozen=True, slots=True)
class TargetFoundRate:
    """How often the element of each item was found: `event` says that it was, `missed` that it was not."""

    label: str
    event: str
    missed: str
    items: Items


@dataclass(frozen=True, slots=True)
class Score:
    """The latest number each person gave for one item (`props["value"]`): mean and spread over `scale`, both ends included.

    `nps` adds the net promoter score: the share of 9 and 10 less the share of 0 to 6, in points from -100 to 100.
    """

    label: str
    event: str
    item: str
    scale: tuple[int, int]
    nps: bool = False


@dataclass(frozen=True, slots=True)
class Distribution:
    """People by the latest choice each made for one item (`props["value"]`, one key or a list of keys)."""

    label: str
    event: str
    item: str
    choices: Items


@dataclass(frozen=True, slots=True)
class Answers:
    """A table of the latest texts people wrote for one item (`props["value"]`), newest first."""

    label: str
    event: str
    item: str


Metric = Count | Funnel | CountByItem | TargetFoundRate | Score | Distribution | Answers

COMMON_EVENTS = frozenset({"shown", "completed", "dismissed", "snoozed", "goal_reached", "state_saved"})
"""Events of every kind. `goal_reached` marks its item as done, `state_saved` replaces `Progress.state` by its props."""


class Kind:
    """One kind of guide: it describes, the layers act. No I/O, no clock, no query.

    Subclasses give `slug` (for ever), `label`, `plural`, `Body` and `starter`; the rest has defaults. Hand over one instance
    called `kind`, from a module in `registry.BUILT_IN` or an entry point of the group `handrail.kinds`.
    """

    interface: ClassVar[int] = 1
    slug: ClassVar[str]
    label: ClassVar[str]
    plural: ClassVar[str]
    purpose: ClassVar[str] = ""
    default_lane: ClassVar[Lane] = Lane.FOCUS
    events: ClassVar[Mapping[str, Effect]] = {}
    capabilities: ClassVar[frozenset[Capability]] = frozenset()
    personal: ClassVar[bool] = False
    Body: ClassVar[type[AnyBody]]

    def starter(self) -> AnyBody:
        """Returns the body of a new guide, ready to be published after the author's words."""
        raise NotImplementedError

    def templates(self) -> Sequence[Template]:
        """Returns the bodies an author may begin with; the first is the usual one."""
        return (Template("starter", self.label, self.purpose, self.starter()),)

    def check(self, body: Any) -> Iterable[Problem]:
        """Yields what must be fixed before publishing, beyond what the types of the Body say."""
        return ()

    def items(self, body: Any) -> Sequence[Item]:
        """Returns the items in order; by default those of the first list whose parts have a key, labelled by their first text."""
        parts = next((value for _, value in body if _is_keyed(value)), ())
        return [Item(part.key, _label(part) or f"{number}", getattr(part, "conditions", None)) for number, part in enumerate(parts, 1)]

    def lane(self, body: Any) -> Lane:
        """Returns the room on screen this body asks for."""
        return self.default_lane

    def scope(self, body: Any) -> Scope:
        """Returns whose progress counts."""
        return Scope.PERSON

    def goals(self, body: Any) -> Sequence[Goal]:
        """Returns what marks items as done, or completes the guide, without anybody clicking in it."""
        return ()

    def read(self, event: Event, body: Any) -> Event | None:
        """Returns the event as it is stored; None refuses what no honest renderer of this body sends."""
        return event

    def advance(self, progress: Progress, event: Event, body: Any) -> Iterable[SetAttribute]:
        """Changes `progress` in memory for one event of this kind; the common events are already applied. Returns attributes to set."""
        if event.item is not None and any(item.key == event.item for item in self.items(body)):
            progress.apply(self.events.get(event.name, Effect.NOTED), event.item)
        return ()

    def deliver(self, body: Any, visit: Visit) -> dict[str, Any]:
        """Returns what the browser gets of the body, as JSON; asked for each visit if `personal`, else once for all people."""
        delivered: dict[str, Any] = body.model_dump(mode="json")
        return delivered

    def features(self, body: Any) -> frozenset[Feature]:
        """Returns what the renderer needs of the embed for this body, beyond the core kit."""
        return frozenset()

    def listing(self, body: Any) -> Listing | None:
        """Returns how this guide is listed in others; None where it is not."""
        return None

    def metrics(self, body: Any) -> Sequence[Metric]:
        """Returns what is worth counting beyond who saw it, finished it and dismissed it."""
        return ()


def _is_keyed(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, Body) and hasattr(part, "key") for part in value)


def _label(part: Any) -> str:
    """The first visible text of a part; empty while nothing is written."""
    fields = type(part).model_fields
    return next((value for name, value in part if value and any(isinstance(mark, VisibleText) for mark in fields[name].metadata)), "")
