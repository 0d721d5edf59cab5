"""Reads untrusted JSON bodies: limits bytes, depth and keys, rejects bad text and numbers, and names the invalid field."""

from __future__ import annotations

import asyncio
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, StringConstraints, ValidationError
from starlette.requests import Request

from server.http.errors import WireError

BODY_BYTES = 512 * 1024
COMPRESSED_BYTES = 256 * 1024
BODY_SECONDS = 15
DEPTH = 8
KEYS = 200
NAME_LENGTH = 200
GREATEST_INTEGER = 2**53 - 1
CONTENT_TYPES = frozenset({"", "text/plain", "application/json"})
FREE_TEXT = frozenset({"attributes", "membership", "props", "page", "company_attributes"})

_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_SURROGATE = re.compile("[\ud800-\udfff]")

Model = TypeVar("Model", bound=BaseModel)


def _as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_as_text), StringConstraints(min_length=1, max_length=NAME_LENGTH)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=NAME_LENGTH)]


@dataclass(frozen=True, slots=True)
class InvalidValue:
    """Takes the place of a value that cannot be accepted; `sanitize` raises the error with its path."""

    code: str
    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON object as sent; when `is_clean`, it needs no `sanitize`. `size` is in bytes."""

    json: dict[str, Any]
    is_clean: bool
    size: int


async def read(request: Request) -> JsonBody:
    """Reads the body of a request as one JSON object; raises WireError."""
    return parse(await read_body(request))


async def read_body(request: Request) -> bytes:
    """Reads and decompresses the body within its size and time limits; raises WireError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in CONTENT_TYPES:
        raise WireError(415, "unsupported_type", "Send JSON as text/plain or application/json.", "body")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise WireError(415, "unsupported_encoding", "Send the body as it is, or compressed once with gzip.", "body")
    sent = await _read_bytes(request, COMPRESSED_BYTES if coding == "gzip" else BODY_BYTES)
    return unpack(sent) if coding == "gzip" else sent


def unpack(sent: bytes) -> bytes:
    """Decompresses one gzip member, never more than BODY_BYTES in memory; raises WireError."""
    decompressor = zlib.decompressobj(wbits=31)
    try:
        unpacked = decompressor.decompress(sent, BODY_BYTES + 1)
    except zlib.error as error:
        raise _invalid_json("The body is not gzip.") from error
    if len(unpacked) > BODY_BYTES:
        raise too_large()
    if not decompressor.eof or decompressor.unused_data:
        raise _invalid_json("The body is not one whole gzip member.")
    return unpacked


def parse(raw: bytes) -> JsonBody:
    """Parses one JSON object, with an InvalidValue where a value cannot be accepted; raises WireError when it is not JSON."""
    if _depth(raw) > DEPTH:
        raise WireError(400, "too_deep", f"The body nests deeper than {DEPTH} levels.", "body")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _invalid_json("The body is not UTF-8.") from error
    invalid_values: list[InvalidValue] = []
    try:
        decoded = _decoder(invalid_values).decode(text)
    except JSONDecodeError as error:
        raise _invalid_json(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    if isinstance(decoded, InvalidValue):
        raise _error_for(decoded, "")
    if not isinstance(decoded, dict):
        raise _invalid_json("The body must be a JSON object.")
    return JsonBody(decoded, not invalid_values and not _ESCAPED.search(text), len(raw))


def sanitize(value: Any, path: str = "", *, is_free_text: bool = False) -> Any:
    """Removes NUL from free text; raises WireError that names the field of the first invalid value."""
    if isinstance(value, str):
        return _sanitize_text(value, path, is_free_text)
    if isinstance(value, InvalidValue):
        raise _error_for(value, path)
    if isinstance(value, dict):
        return dict(_sanitize_member(key, part, _join(path, key), is_free_text) for key, part in value.items())
    if isinstance(value, list):
        return [sanitize(part, _join(path, str(number)), is_free_text=is_free_text) for number, part in enumerate(value)]
    return value


def validate(model: type[Model], value: Mapping[str, Any], path: str = "") -> Model:
    """Validates a value as a pydantic model; raises WireError 400 that names the first invalid field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = {"missing": "missing", "string_too_long": "too_long"}.get(first["type"], "invalid")
        raise WireError(400, code, f"{first['msg']}.", _join(path, *(str(part) for part in first["loc"]))) from error


def printable(text: str) -> str:
    """Escapes unprintable text and cuts it to NAME_LENGTH, for use in a response or a log."""
    return (text if text.isprintable() else json.dumps(text)[1:-1])[:NAME_LENGTH]


def too_large() -> WireError:
    """The error for a body over BODY_BYTES."""
    return WireError(413, "too_large", f"The body is larger than {BODY_BYTES // 1024} KB.", "body")


async def _read_bytes(request: Request, limit: int) -> bytes:
    if int(request.headers.get("content-length", "0")) > limit:
        raise too_large()
    received = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                received += chunk
                if len(received) > limit:
                    raise too_large()
    except TimeoutError as error:
        raise WireError(408, "too_slow", f"The body took longer than {BODY_SECONDS} seconds.", "body") from error
    return bytes(received)


def _depth(raw: bytes) -> int:
    deepest = depth = 0
    for byte in _STRING.sub(b"", raw).translate(None, _NO_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > deepest:
            deepest = depth
            if deepest > DEPTH:
                break
    return deepest


def _decoder(invalid_values: list[InvalidValue]) -> JSONDecoder:
    def reject(code: str, message: str, key: str = "") -> InvalidValue:
        invalid_values.append(InvalidValue(code, message, key))
        return invalid_values[-1]

    def parse_integer(text: str) -> int | InvalidValue:
        if len(text) < 16 or (len(text) <= 17 and abs(int(text)) <= GREATEST_INTEGER):
            return int(text)
        return reject("number_out_of_range", "The number is larger than can be kept exactly; send it as text")

    def parse_number(text: str) -> float | InvalidValue:
        number = float(text)
        return number if isfinite(number) else reject("number_out_of_range", "The number is not finite")

    def parse_object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | InvalidValue:
        result = dict(pairs)
        if len(result) != len(pairs):
            return reject("duplicate_key", "A name is given twice", _first_duplicate(key for key, _ in pairs))
        if len(result) > KEYS:
            return reject("too_many_keys", f"There are more than {KEYS} names in one object")
        if result and max(map(len, result)) > NAME_LENGTH:
            return reject("too_long", f"A name is longer than {NAME_LENGTH} characters", max(result, key=len))
        return result

    return JSONDecoder(
        object_pairs_hook=parse_object,
        parse_int=parse_integer,
        parse_float=parse_number,
        parse_constant=lambda constant: reject("not_a_number", f"{constant} is not JSON"),
    )


def _first_duplicate(keys: Iterable[str]) -> str:
    return next((key for key, times in Counter(keys).items() if times > 1), "")


def _sanitize_member(key: str, part: Any, path: str, is_free_text: bool) -> tuple[str, Any]:
    return _sanitize_text(key, path, False), sanitize(part, path, is_free_text=is_free_text or key in FREE_TEXT)


def _sanitize_text(text: str, path: str, is_free_text: bool) -> str:
    if not text.isascii() and _SURROGATE.search(text):
        raise WireError(400, "bad_text", "The text holds half a character.", path or "body")
    if "\x00" not in text:
        return text
    if is_free_text:
        return text.replace("\x00", "")
    raise WireError(400, "bad_text", "The text holds a character that cannot be kept.", path or "body")


def _join(*parts: str) -> str:
    """A field's path such as events.0.props.plan."""
    return printable(".".join(part for part in parts if part))


def _error_for(invalid: InvalidValue, path: str) -> WireError:
    return WireError(400, invalid.code, f"{invalid.message}.", _join(path, invalid.key) or "body")


def _invalid_json(message: str) -> WireError:
    return WireError(400, "invalid_json", message, "body")
