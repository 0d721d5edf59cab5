"""Reading one value of an attribute: as a number, as text, as a moment; embed/src/rules/attribute-conditions.ts reads it the same way."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isfinite
from unicodedata import normalize

__all__ = ["folded", "instant", "is_storable", "milliseconds", "moment", "number", "written"]

_NUMERIC = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?")
_DAY = r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_ISO = re.compile(rf"{_DAY}(T{_CLOCK}(:[0-5][0-9](\.[0-9]{{1,9}})?)?(Z|[+-]{_CLOCK})?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def number(value: object) -> float | None:
    """A number, or text that looks like one; `007` and ids of sixteen digits stay text."""
    if isinstance(value, str):
        return float(value) if _NUMERIC.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if isfinite(value) else None
    except OverflowError:
        return None


def folded(value: object) -> str | None:
    """The text of a value, capitals and small letters alike."""
    if isinstance(value, str):
        return value.lower() if value.isascii() else normalize("NFC", value).lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    amount = number(value)
    return None if amount is None else written(amount)


def written(amount: float) -> str:
    """A number in the digits a browser writes, so that both sides compare and show the same text."""
    value = float(amount)
    if value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f").removesuffix(".0")
    return repr(value).replace("e-0", "e-")


def is_storable(text: str) -> bool:
    """Whether every database takes it: no null character, no half of a character."""
    return "\x00" not in text and (text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text))


def moment(value: object) -> datetime | None:
    """The moment an ISO date or time names, in UTC where it names no zone."""
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return None
    try:
        named = datetime.fromisoformat(value)
    except ValueError:
        return None
    return named if named.tzinfo else named.replace(tzinfo=UTC)


def instant(value: object) -> int | None:
    """The moment as milliseconds since 1970."""
    named = moment(value)
    return None if named is None else milliseconds(named)


def milliseconds(named: datetime) -> int:
    """A moment as milliseconds since 1970, rounded down."""
    return (named - _EPOCH) // timedelta(milliseconds=1)
