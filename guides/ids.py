"""Identifiers: UUIDv7 for rows, short keys for items in bodies, random secrets."""

import secrets
from datetime import UTC, date, datetime
from uuid import UUID

from guides import clock

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def uuid7(milliseconds: int | None = None) -> UUID:
    """A time-ordered UUID (RFC 9562, version 7): 48 bits of milliseconds, 74 bits of chance."""
    stamp = clock.milliseconds() if milliseconds is None else milliseconds
    chance = secrets.randbits(74)
    value = (stamp & (1 << 48) - 1) << 80 | 0x7 << 76 | (chance >> 62) << 64 | 0b10 << 62 | chance & (1 << 62) - 1
    return UUID(int=value)


def day_of(value: UUID) -> date:
    """The UTC day inside a UUIDv7; raises ValueError for other versions and for times outside years 2000 to 2999."""
    if value.version != 7:
        raise ValueError("not a UUIDv7")
    day = time_of(value).date()
    if not 2000 <= day.year < 3000:
        raise ValueError("its time is out of range")
    return day


def time_of(value: UUID) -> datetime:
    """The moment inside a UUIDv7."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def item_key() -> str:
    """A short random name for one item of a body, kept through edits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))


def secret(prefix: str) -> str:
    """A secret of 256 random bits behind its readable prefix, such as hr_sec_."""
    return prefix + secrets.token_urlsafe(32)


def public_key() -> str:
    """A public environment key, hr_pub_ and 22 characters."""
    return "hr_pub_" + secrets.token_urlsafe(16)
