"""Canonical JSON and its SHA-256 digest, by which equal bodies and versions are recognised."""

from __future__ import annotations

from hashlib import sha256

import orjson


def json_digest(value: object) -> str:
    """The SHA-256 of a JSON value in its canonical form, as 64 hexadecimal digits."""
    return sha256(canonical_json(value)).hexdigest()


def canonical_json(value: object) -> bytes:
    """A JSON value with sorted keys and without spaces: equal values have equal bytes."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
