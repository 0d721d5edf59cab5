"""Writes log records as JSON lines with a fixed set of fields and without secrets."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

FIELDS = ("request_id", "method", "path", "status", "ms", "address", "reason", "code", "environment", "job", "count")
MAX_LENGTH = 4000
MAIL_LOGGER = "handrail.mail"

_SECRET = re.compile(
    r"hr_(?:sec|sig|blc|blt|pat)_[A-Za-z0-9_-]+|whsec_[A-Za-z0-9+/=]+"
    r"|(?i:bearer|basic)\s+[A-Za-z0-9._~+/=-]+|(?i:cookie|authorization)\s*[:=]\s*[^\r\n]+|(?<=://)[^/\s@]+:[^/\s@]+(?=@)"
    r"|(?<=token=)[^&\s\"']+"
)
_LONG_SEGMENT = re.compile(r"(?<=/)[A-Za-z0-9_.-]{40,}(?=/|$)")


class JsonFormatter(logging.Formatter):
    """Formats a record as one JSON line: time, level, logger, message and the fields in FIELDS."""

    def format(self, record: logging.LogRecord) -> str:
        """Formats one record; JSON escapes control characters."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": _message_of(record)[:MAX_LENGTH],
        }
        line |= {name: _field_value(value) for name in FIELDS if (value := getattr(record, name, None)) is not None}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = redact_secrets("".join(traceback.format_exception(*record.exc_info)))[-MAX_LENGTH:]
        return orjson.dumps(line).decode()


def _message_of(record: logging.LogRecord) -> str:
    """Redacts the message, except of a mail that is logged because there is no mail server: its link is needed."""
    message = record.getMessage()
    if record.name == MAIL_LOGGER and record.levelno == logging.WARNING:
        return message.encode("utf-8", "replace").decode()
    return redact_secrets(message)


def redact_secrets(text: str) -> str:
    """Replaces everything that looks like a secret."""
    return _SECRET.sub("[secret]", text.encode("utf-8", "replace").decode())


def redact_path(path: str) -> str:
    """Removes possible tokens from a URL path; digests of public files stay."""
    shown = path if path.startswith("/embed/") else _LONG_SEGMENT.sub("[secret]", path)
    return redact_secrets(shown)[:200]


def configure_logging(level: int = logging.INFO) -> None:
    """Logs JSON lines to standard error; a full disk or a closed pipe never stops the service."""
    logging.raiseExceptions = False
    _collect_less()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("tortoise", "asyncio", "aiosqlite", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _collect_less() -> None:
    """Stops `logging` from looking up, for each record, the caller, thread and process, which no line shows."""
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def _field_value(value: object) -> object:
    return value if isinstance(value, int | float) else redact_secrets(str(value))[:500]
