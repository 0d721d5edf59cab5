"""Signed text for cookies of low worth, one salt for each purpose; links that work once are rows in guides.tokens."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer


def sign(keys: Sequence[str], purpose: str, value: Any) -> str:
    """The value as text nobody else can make."""
    return str(_signer(keys, purpose).dumps(value))


def unsign(keys: Sequence[str], purpose: str, text: str, *, seconds: int) -> Any | None:
    """The value of a signed text made for this purpose and not too long ago, or none."""
    try:
        return _signer(keys, purpose).loads(text, max_age=seconds)
    except BadData:
        return None


def _signer(keys: Sequence[str], purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(list(reversed(keys)), salt=f"handrail.{purpose}", signer_kwargs={"digest_method": hashlib.sha256})
