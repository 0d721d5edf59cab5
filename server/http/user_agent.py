"""Finds the browser family in a User-Agent header."""

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


def get_browser_family(agent: str | None) -> str:
    """Returns one of FAMILIES, "Other", or "" without a User-Agent."""
    if not agent:
        return ""
    return next((name for name, pattern in FAMILIES if pattern.search(agent[:500])), "Other")
