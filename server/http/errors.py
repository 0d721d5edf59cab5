"""What went wrong, as an answer: one form for programs, made in one place."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import asyncpg  # type: ignore[import-untyped]
import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from tortoise.exceptions import DBConnectionError, OperationalError

from guides.database import Busy
from guides.errors import Conflict, DomainError, Invalid, NotReady, Refused, Unknown

PARSING = (RecursionError, OverflowError, UnicodeError, ValueError)
STATUS: Mapping[type[DomainError], int] = {Unknown: 404, Invalid: 400, Refused: 403, Conflict: 409, NotReady: 422}
DOWN: tuple[type[Exception], ...] = (
    Busy,
    DBConnectionError,
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
)
FULL = ("disk is full", "disk I/O error", "readonly database", "unable to open database", "database is locked")
RETRY_SECONDS = "5"
KEY_CODES = frozenset({"unknown_environment", "missing_environment", "unknown_key", "missing_key"})
CODES: Mapping[int, str] = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}
MESSAGES: Mapping[int, str] = {400: "This request cannot be read.", 404: "There is nothing at this address.", 413: "The body is too large."}


class WireError(Exception):
    """A refusal by the wire itself: status, code for programs, message for people, the field that is wrong."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = dict(headers or {})


def answer(status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The one form of every error that a program gets."""
    body = {"error": {"code": code, "message": message, "field": field}}
    return Response(orjson.dumps(body), status, dict(headers or {}), "application/json")


def for_error(error: Exception, request_id: str) -> Response:
    """The answer to whatever was raised; what nobody foresaw tells only its request id."""
    if isinstance(error, WireError):
        return answer(error.status, error.code, error.message, error.field, error.headers)
    if isinstance(error, DomainError):
        return answer(_status_of(error), error.code, error.message, error.field)
    if isinstance(error, HTTPException):
        return answer(error.status_code, CODES.get(error.status_code, "refused"), _said(error), None, error.headers)
    if isinstance(error, ClientDisconnect):
        return answer(400, "cut_off", "The request ended before its body did.")
    return unforeseen(error, request_id)


def is_down(error: Exception) -> bool:
    """The database cannot be asked just now; trying again later is right."""
    if isinstance(error, DOWN):
        return True
    return isinstance(error, OperationalError | sqlite3.OperationalError) and any(words in str(error) for words in FULL)


def unforeseen(error: Exception, request_id: str) -> Response:
    """503 while the database is away, 400 when reading is what failed, else 500 with nothing but the request id."""
    if is_down(error):
        return answer(503, "unavailable", "The database cannot be reached just now.", None, {"retry-after": RETRY_SECONDS})
    if isinstance(error, PARSING):
        return answer(400, "bad_request", MESSAGES[400])
    body = {"error": {"code": "internal", "message": "Something went wrong on our side.", "field": None, "request_id": request_id}}
    return Response(orjson.dumps(body), 500, None, "application/json")


def _status_of(error: DomainError) -> int:
    if error.code in KEY_CODES:
        return 401
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def _said(error: HTTPException) -> str:
    return MESSAGES.get(error.status_code, error.detail)
