"""Raw SQL with :named parameters, and the conversion of values from and to the driver."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from tortoise.connection import get_connection

from guides.database.connection import dialect, utc_text


async def rows(sql: str, **named: Any) -> list[dict[str, Any]]:
    """Run SQL with :named parameters and give back what it returns, values as the driver has them."""
    return await get_connection("default").execute_query_dict(*for_driver(sql, named))


async def run(sql: str, **named: Any) -> int:
    """Run SQL that changes rows; how many it touched."""
    count, _ = await get_connection("default").execute_query(*for_driver(sql, named))
    return int(count)


def values(each: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """Many rows for one INSERT: the text after VALUES, and its parameters by name; all rows have the same columns."""
    text = ", ".join("(" + ", ".join(f":{column}_{number}" for column in row) + ")" for number, row in enumerate(each))
    return text, {f"{column}_{number}": value for number, row in enumerate(each) for column, value in row.items()}


@cache
def sql(name: str) -> str:
    """The text of guides/sql/<name>.sql without its comments."""
    text = (Path(__file__).parents[1] / "sql" / f"{name.replace('.', '/')}.sql").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def as_uuid(value: Any) -> UUID | None:
    """A UUID column as read by `rows`."""
    return None if value is None else UUID(str(value))


def as_json(value: Any) -> Any:
    """A JSON column as read by `rows`."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value


def as_time(value: Any) -> datetime | None:
    """A time column as read by `rows`, aware and in UTC."""
    if value is None:
        return None
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment.astimezone(UTC)


def as_day(value: Any) -> date | None:
    """A date column as read by `rows`."""
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value)[:10])


_NAME = re.compile(r"'[^']*'|::|:([a-z_][a-z_0-9]*)")


@cache
def _positional(sql: str, dialect: str) -> tuple[str, list[str]]:
    """Turn :name into ? or $1; a doubled colon (a cast) and text in quotes stay as they are."""
    names: list[str] = []
    placeholders: dict[str, str] = {}

    def placeholder(match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return match[0]
        if dialect == "sqlite" or name not in placeholders:
            names.append(name)
            placeholders[name] = "?" if dialect == "sqlite" else f"${len(names)}"
        return placeholders[name]

    return _NAME.sub(placeholder, sql), names


def for_driver(sql: str, named: Mapping[str, Any]) -> tuple[str, list[Any]]:
    kind = dialect()
    text, names = _positional(sql, kind)
    return text, [_to_driver(named[name], kind) for name in names]


def _to_driver(value: Any, dialect: str) -> Any:
    if isinstance(value, Mapping | list):
        return orjson.dumps(value).decode()
    if dialect != "sqlite":
        return value
    if isinstance(value, datetime):
        return utc_text(value)
    return str(value) if isinstance(value, UUID | date) else value
