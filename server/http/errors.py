"""Maps exceptions to JSON error responses, all of one shape."""

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

PARSE_ERRORS = (RecursionError, OverflowError, UnicodeError, ValueError)
STATUSES: Mapping[type[DomainError], int] = {Unknown: 404, Invalid: 400, Refused: 403, Conflict: 409, NotReady: 422}
DATABASE_ERRORS: tuple[type[Exception], ...] = (
    Busy,
    DBConnectionError,
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
)
SQLITE_FAILURES = ("disk is full", "disk I/O error", "readonly database", "unable to open database", "database is locked")
RETRY_SECONDS = "5"
KEY_CODES = frozenset({"unknown_environment", "missing_environment", "unknown_key", "missing_key"})
CODES: Mapping[int, str] = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 408: "too_slow", 413: "too_large"}
MESSAGES: Mapping[int, str] = {400: "This request cannot be read.", 404: "There is nothing at this address.", 413: "The body is too large."}


class WireError(Exception):
    """A request refused by an endpoint: HTTP status, machine-readable code, message, and the invalid field."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.headers = dict(headers or {})


def error_response(status: int, code: str, message: str, field: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """Builds a JSON error: {"error": {"code", "message", "field"}}."""
    body = {"error": {"code": code, "message": message, "field": field}}
    return Response(orjson.dumps(body), status, dict(headers or {}), "application/json")


def response_for(error: Exception, request_id: str) -> Response:
    """Builds the response for any exception; an unexpected one shows only the request id."""
    if isinstance(error, WireError):
        return error_response(error.status, error.code, error.message, error.field, error.headers)
    if isinstance(error, DomainError):
        return error_response(_status_for(error), error.code, error.message, error.field)
    if isinstance(error, HTTPException):
        return error_response(error.status_code, CODES.get(error.status_code, "refused"), _message_of(error), None, error.headers)
    if isinstance(error, ClientDisconnect):
        return error_response(400, "cut_off", "The request ended before its body did.")
    return _unexpected_response(error, request_id)


def is_database_down(error: Exception) -> bool:
    """True when the error means that the database is unavailable, so that a retry makes sense."""
    if isinstance(error, DATABASE_ERRORS):
        return True
    return isinstance(error, OperationalError | sqlite3.OperationalError) and any(text in str(error) for text in SQLITE_FAILURES)


def _unexpected_response(error: Exception, request_id: str) -> Response:
    """503 while the database is unavailable, 400 for parse errors, else 500 with the request id."""
    if is_database_down(error):
        return error_response(503, "unavailable", "The database cannot be reached just now.", None, {"retry-after": RETRY_SECONDS})
    if isinstance(error, PARSE_ERRORS):
        return error_response(400, "bad_request", MESSAGES[400])
    body = {"error": {"code": "internal", "message": "Something went wrong on our side.", "field": None, "request_id": request_id}}
    return Response(orjson.dumps(body), 500, None, "application/json")


def _status_for(error: DomainError) -> int:
    if error.code in KEY_CODES:
        return 401
    return next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 400)


def _message_of(error: HTTPException) -> str:
    return MESSAGES.get(error.status_code, error.detail)
