"""One line of JSON for each thing that happened, with named fields only and nothing secret in them."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

FIELDS = ("request_id", "method", "path", "status", "ms", "address", "reason", "code", "environment", "job", "count")
LONGEST = 4000
MAIL = "handrail.mail"

_SECRET = re.compile(
    r"hr_(?:sec|sig|blc|blt|pat)_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=]+"
    r"|(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]+|(?i:cookie|authorization)\s*[:=]\s*[^\r\n]+|(?<=://)[^/\s@]+:[^/\s@]+(?=@)"
    r"|(?<=token=)[^&\s\"']+"
)
_LONG_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_.-]{40,}(?=/|$)")


class JsonLines(logging.Formatter):
    """A record as one line: time, level, logger, message and the fields we know."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; control characters are escaped by JSON itself."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": _said(record)[:LONGEST],
        }
        line |= {name: _plain(value) for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = redacted("".join(traceback.format_exception(*record.exc_info)))[-LONGEST:]
        return orjson.dumps(line).decode()


def _said(record: logging.LogRecord) -> str:
    """The message without secrets; a mail that only the log carries keeps its link, for nobody would get it otherwise."""
    said = record.getMessage()
    return said.encode("utf-8", "replace").decode() if record.name == MAIL and record.levelno == logging.WARNING else redacted(said)


def redacted(text: str) -> str:
    """The text with everything that looks like a secret replaced."""
    return _SECRET.sub("[secret]", text.encode("utf-8", "replace").decode())


def path_shown(path: str) -> str:
    """An address without what may be a token in it; digests of public files stay."""
    shown = path if path.startswith("/embed/") else _LONG_SEGMENT.sub("[secret]", path)
    return redacted(shown)[:200]


def set_up(level: int = logging.INFO) -> None:
    """Write the log as JSON lines to standard error; a full disk or closed pipe never stops the service."""
    logging.raiseExceptions = False
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(level)
    for noisy in ("tortoise", "asyncio", "aiosqlite", "httpx2", "httpcore2"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float) else redacted(str(value))[:500]
