"""What is waited for, as an author sees it: an event with lines about its properties, or an element that is clicked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from admin.forms.rule_form import Book, Group, Line, close_book, open_book, read_book

WAYS = ("name", "text", "css")
PROPERTY_OPERATORS = ("is", "is_not", "contains", "greater", "less", "is_set", "is_not_set")


@dataclass(slots=True)
class Happening:
    """The name of an event and lines that its properties must fit; a rule of another form is kept as it is."""

    name: str = ""
    book: Book = field(default_factory=Book)

    @property
    def lines(self) -> list[Line]:
        """The lines, whatever group they are in."""
        return [line for group in self.book.groups for line in group.lines]


def open_happening(stored: Any) -> Happening:
    """A stored event, as fields."""
    if not isinstance(stored, Mapping):
        return Happening()
    book = open_book(stored.get("where"))
    is_plain = len(book.groups) < 2 and not any(group.leaves_out or group.match == "any" for group in book.groups)
    return Happening(str(stored.get("name") or ""), book if is_plain else Book(kept=stored.get("where")))


def read_happening(posted: Iterable[tuple[str, str]], under: str) -> Happening:
    """The fields as they were posted below a name: event.name, event.groups.0.lines.1.op and so on."""
    pairs = list(posted)
    book = read_book(pairs, under)
    found = Happening(next((value for name, value in pairs if name == f"{under}.name"), ""), book)
    for line in found.lines:
        line.of = "event"
    return found


def close_happening(happening: Happening) -> dict[str, Any] | None:
    """The event the fields say; None when they say nothing."""
    where = close_book(happening.book)
    return {"name": happening.name.strip(), "where": where} if happening.name.strip() or where else None


def change_lines(happening: Happening, what: str, number: str) -> None:
    """Add a line, or take one away."""
    if what == "line":
        if not happening.book.groups:
            happening.book.groups.append(Group())
        happening.book.groups[0].lines.append(Line(of="event"))
    elif what == "start-over":
        happening.book = Book()
    elif number.isascii() and number.isdigit() and len(number) < 5 and int(number) < len(happening.lines):
        happening.book.groups[0].lines.pop(int(number))


def read_target(posted: Mapping[str, Any], stored: Any) -> Any:
    """The element that is clicked; one that was picked on the page stays until another is named."""
    if "click.value" not in posted:
        return stored
    by, value = str(posted.get("click.by", "name")), str(posted["click.value"]).strip()
    return {"by": by if by in WAYS else "name", "value": value, "label": ""} if value else None
