"""Page patterns: whether an address matches a pattern with stars, such as /deals/* (embed/src/rules/evaluate.ts does the same)."""

from __future__ import annotations

import re
from urllib.parse import quote

_PARTS = re.compile(r"([^/?#:]+://[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_UNSAFE = re.compile(r"[^!-~]+")


def matches_page(pattern: str, url: str) -> bool:
    """Whether a pattern such as `/deals/*` or `https://*.acme.example/*` matches an address, in time linear to both."""
    return _matches(_normalize(pattern, pattern), _normalize(url, pattern))


def _normalize(address: str, pattern: str) -> str:
    """The parts of an address that the pattern names, without the slash at the end."""
    parts = _PARTS.fullmatch(_escape(address))
    origin, path, query, fragment = parts.groups("") if parts else ("", address, "", "")
    if not path and not origin.endswith("*"):
        path = "/"
    normalized = "" if pattern.startswith("/") else origin.lower()
    normalized += path if path == "/" else path.removesuffix("/")
    normalized += query if "?" in pattern else ""
    return normalized + ((fragment if fragment == "#/" else fragment.removesuffix("/")) if "#" in pattern else "")


def _escape(address: str) -> str:
    """An address as browsers write it, where letters beyond ASCII are percent-encoded."""
    try:
        return _UNSAFE.sub(lambda run: quote(run[0], safe=""), address)
    except UnicodeEncodeError:
        return address


def _matches(pattern: str, text: str) -> bool:
    """Whether a pattern with stars matches; each piece is searched once, from the end of the piece before it."""
    head, *pieces = pattern.split("*")
    if not pieces:
        return head == text
    tail = pieces.pop()
    start, end = len(head), len(text) - len(tail)
    if start > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for piece in pieces:
        start = text.find(piece, start, end)
        if start < 0:
            return False
        start += len(piece)
    return True
