"""Reading JSON from strangers: bounded in bytes, depth and width, strict in text and numbers, exact about what is wrong."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from math import isfinite
from typing import Annotated, Any, TypeVar

import anyio
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
class Flaw:
    """Stands in the tree where something was that cannot be taken."""

    code: str
    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON object as sent; `clean` when nothing in it needs a closer look."""

    tree: dict[str, Any]
    clean: bool
    size: int


async def read(request: Request) -> Parsed:
    """The body of a request as one JSON object; raises WireError."""
    return parse(await body_of(request))


async def body_of(request: Request) -> bytes:
    """The bytes of the body within its limits and its time, unpacked; raises WireError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in CONTENT_TYPES:
        raise WireError(415, "unsupported_type", "Send JSON as text/plain or application/json.", "body")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise WireError(415, "unsupported_encoding", "Send the body as it is, or compressed once with gzip.", "body")
    sent = await _bytes_of(request, COMPRESSED_BYTES if coding == "gzip" else BODY_BYTES)
    return unpack(sent) if coding == "gzip" else sent


def unpack(sent: bytes) -> bytes:
    """One gzip member, never more than the limit in memory; raises WireError."""
    packed = zlib.decompressobj(wbits=31)
    try:
        whole = packed.decompress(sent, BODY_BYTES + 1)
    except zlib.error as error:
        raise _unreadable("The body is not gzip.") from error
    if len(whole) > BODY_BYTES:
        raise too_large()
    if not packed.eof or packed.unused_data:
        raise _unreadable("The body is not one whole gzip member.")
    return whole


def parse(raw: bytes) -> Parsed:
    """Bytes to one JSON object, with a Flaw where a value cannot be taken; raises WireError for what is no JSON at all."""
    if _depth(raw) > DEPTH:
        raise WireError(400, "too_deep", f"The body nests deeper than {DEPTH} levels.", "body")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable("The body is not UTF-8.") from error
    flaws: list[Flaw] = []
    try:
        tree = _decoder(flaws).decode(text)
    except JSONDecodeError as error:
        raise _unreadable(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from error
    if isinstance(tree, Flaw):
        raise _flawed(tree, "")
    if not isinstance(tree, dict):
        raise _unreadable("The body must be a JSON object.")
    return Parsed(tree, not flaws and not _ESCAPED.search(text), len(raw))


def sound(value: Any, at: str = "", *, free: bool = False) -> Any:
    """The value without NUL in free text; raises WireError that names the field of the first flaw."""
    if isinstance(value, str):
        return _sound_text(value, at, free)
    if isinstance(value, Flaw):
        raise _flawed(value, at)
    if isinstance(value, dict):
        return dict(_sound_member(key, part, _join(at, key), free) for key, part in value.items())
    if isinstance(value, list):
        return [sound(part, _join(at, str(number)), free=free) for number, part in enumerate(value)]
    return value


def checked(model: type[Model], value: Mapping[str, Any], at: str = "") -> Model:
    """The value as its declared shape; raises WireError that names the field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        code = {"missing": "missing", "string_too_long": "too_long"}.get(first["type"], "invalid")
        raise WireError(400, code, f"{first['msg']}.", _join(at, *(str(part) for part in first["loc"]))) from error


def printable(text: str) -> str:
    """The text as it may stand in an answer or a log: escaped where it is not printable, cut where it is long."""
    return (text if text.isprintable() else json.dumps(text)[1:-1])[:NAME_LENGTH]


def too_large() -> WireError:
    """The refusal of a body over the limit."""
    return WireError(413, "too_large", f"The body is larger than {BODY_BYTES // 1024} KB.", "body")


async def _bytes_of(request: Request, most: int) -> bytes:
    if int(request.headers.get("content-length", "0")) > most:
        raise too_large()
    taken = bytearray()
    try:
        with anyio.fail_after(BODY_SECONDS):
            async for chunk in request.stream():
                taken += chunk
                if len(taken) > most:
                    raise too_large()
    except TimeoutError as error:
        raise WireError(408, "too_slow", f"The body took longer than {BODY_SECONDS} seconds.", "body") from error
    return bytes(taken)


def _depth(raw: bytes) -> int:
    deepest = now = 0
    for byte in _STRING.sub(b"", raw).translate(None, _NO_BRACKETS):
        now += 1 if byte in b"[{" else -1
        if now > deepest:
            deepest = now
            if deepest > DEPTH:
                break
    return deepest


def _decoder(flaws: list[Flaw]) -> JSONDecoder:
    def flaw(code: str, message: str, key: str = "") -> Flaw:
        flaws.append(Flaw(code, message, key))
        return flaws[-1]

    def whole(text: str) -> int | Flaw:
        if len(text) < 16 or (len(text) <= 17 and abs(int(text)) <= GREATEST_INTEGER):
            return int(text)
        return flaw("number_out_of_range", "The number is larger than can be kept exactly; send it as text")

    def broken(text: str) -> float | Flaw:
        number = float(text)
        return number if isfinite(number) else flaw("number_out_of_range", "The number is not finite")

    def keyed(pairs: list[tuple[str, Any]]) -> dict[str, Any] | Flaw:
        made = dict(pairs)
        if len(made) != len(pairs):
            return flaw("duplicate_key", "A name is given twice", _twice(key for key, _ in pairs))
        if len(made) > KEYS:
            return flaw("too_many_keys", f"There are more than {KEYS} names in one object")
        if made and max(map(len, made)) > NAME_LENGTH:
            return flaw("too_long", f"A name is longer than {NAME_LENGTH} characters", max(made, key=len))
        return made

    return JSONDecoder(
        object_pairs_hook=keyed,
        parse_int=whole,
        parse_float=broken,
        parse_constant=lambda word: flaw("not_a_number", f"{word} is not JSON"),
    )


def _twice(keys: Iterable[str]) -> str:
    return next((key for key, times in Counter(keys).items() if times > 1), "")


def _sound_member(key: str, part: Any, at: str, free: bool) -> tuple[str, Any]:
    return _sound_text(key, at, False), sound(part, at, free=free or key in FREE_TEXT)


def _sound_text(text: str, at: str, free: bool) -> str:
    if not text.isascii() and _SURROGATE.search(text):
        raise WireError(400, "bad_text", "The text holds half a character.", at or "body")
    if "\x00" not in text:
        return text
    if free:
        return text.replace("\x00", "")
    raise WireError(400, "bad_text", "The text holds a character that cannot be kept.", at or "body")


def _join(*parts: str) -> str:
    """A field's path such as events.0.props.plan."""
    return printable(".".join(part for part in parts if part))


def _flawed(flaw: Flaw, at: str) -> WireError:
    return WireError(400, flaw.code, f"{flaw.message}.", _join(at, flaw.key) or "body")


def _unreadable(message: str) -> WireError:
    return WireError(400, "invalid_json", message, "body")
