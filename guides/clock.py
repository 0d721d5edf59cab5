"""The only clock; tests hold it still."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def milliseconds() -> int:
    """Milliseconds since 1970, as UUIDv7 wants them."""
    return int(now().timestamp() * 1000)
