"""Which browser a request came from, as one word of a closed list."""

from __future__ import annotations

import re

FAMILIES = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/")),
    ("Opera", re.compile(r"\b(?:OPR|OPiOS|Opera)\b")),
    ("Samsung", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bVersion/.*\bSafari/")),
)


def family_of(agent: str | None) -> str:
    """The family, or "Other" for whatever else says so; empty when nothing is said."""
    if not agent:
        return ""
    return next((name for name, sign in FAMILIES if sign.search(agent[:500])), "Other")
