"""settle(): the server answers what it knows of a rule, the browser is left the rest (embed/src/rules/evaluate.ts)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from guides.coercion import folded, instant, milliseconds, number
from guides.rules.conditions import Rule, parse_rule

__all__ = ["Attributes", "Facts", "Rule", "asks_of_events_only", "attributes_in", "matches_page", "parse_rule", "segments_in", "settle"]

Attributes = Mapping[str, Any]
DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a rule is settled: None is unknown and stays in the rule; who belongs to no company has an empty one."""

    person: Attributes | None = None
    company: Attributes | None = None
    event: Attributes | None = None
    segments: set[str] | frozenset[str] | None = None
    page: str | None = None
    now: datetime | None = None
    seconds: float | None = None
    scroll: float | None = None
    element: Callable[[Mapping[str, Any]], bool | None] | None = None


def settle(rule: Rule | None, facts: Facts) -> bool | Rule:
    """True, False, or what is left of a checked rule under these facts; no rule is always true."""
    if not rule:
        return True
    tag, asked = next(iter(rule.items()))
    if tag in _DECIDES:
        return _several(tag, asked, facts)
    if tag == "not":
        inner = settle(asked, facts)
        return not inner if isinstance(inner, bool) else {"not": inner}
    condition = _CONDITIONS.get(tag)
    answer = condition(asked, facts) if condition else None
    return rule if answer is None else answer


def matches_page(pattern: str, url: str) -> bool:
    """Whether a pattern such as `/deals/*` or `https://*.acme.example/*` fits an address, in time linear to both."""
    return _fits(_normal(pattern, pattern), _normal(url, pattern))


def attributes_in(rule: Rule | None) -> set[tuple[str, str]]:
    """The attributes a rule asks about, as ("person", "company" or "event", name)."""
    return {(asked["of"], asked["name"]) for tag, asked in _conditions_in(rule) if tag == "attribute"}


def asks_of_events_only(rule: Rule | None) -> bool:
    """Whether a rule asks about nothing but properties of an event."""
    return all(tag == "attribute" and asked["of"] == "event" for tag, asked in _conditions_in(rule))


def segments_in(rule: Rule | None) -> set[str]:
    """The ids of the segments a rule asks about."""
    return {asked for tag, asked in _conditions_in(rule) if tag == "segment"}


_DECIDES = {"all": False, "any": True}


def _several(tag: str, rules: list[Rule], facts: Facts) -> bool | Rule:
    decides = _DECIDES[tag]
    left: list[Rule] = []
    for rule in rules:
        answer = settle(rule, facts)
        if answer is decides:
            return decides
        if not isinstance(answer, bool):
            left.append(answer)
    if len(left) > 1:
        return {tag: left}
    return left[0] if left else not decides


def _conditions_in(rule: Rule | None) -> Iterator[tuple[str, Any]]:
    for tag, asked in (rule or {}).items():
        if tag in _DECIDES:
            for inner in asked:
                yield from _conditions_in(inner)
        elif tag == "not":
            yield from _conditions_in(asked)
        else:
            yield tag, asked


# Conditions: True, False, or None where it is not known here


def _page(asked: str, facts: Facts) -> bool | None:
    return None if facts.page is None else matches_page(asked, facts.page)


def _element(asked: Mapping[str, Any], facts: Facts) -> bool | None:
    return None if facts.element is None else facts.element(asked)


def _delay(asked: float, facts: Facts) -> bool | None:
    return None if facts.seconds is None else facts.seconds >= asked


def _scroll(asked: float, facts: Facts) -> bool | None:
    return None if facts.scroll is None else facts.scroll >= asked


def _between(asked: Mapping[str, str | None], facts: Facts) -> bool | None:
    if facts.now is None:
        return None
    now, start, end = milliseconds(facts.now), instant(asked.get("from")), instant(asked.get("until"))
    return (start is None or start <= now) and (end is None or now < end)


def _segment(asked: str, facts: Facts) -> bool | None:
    return None if facts.segments is None else asked in facts.segments


def _attribute(asked: Mapping[str, Any], facts: Facts) -> bool | None:
    known: Attributes | None = getattr(facts, asked["of"])
    op: str = asked["op"]
    if known is None or (facts.now is None and op.endswith("_days")):
        return None
    asks = _OPPOSITES.get(op, op)
    if asks not in _TESTS:
        return None
    return _holds(asks, known.get(asked["name"]), asked.get("value"), facts.now) is (asks == op)


_CONDITIONS: dict[str, Callable[[Any, Facts], bool | None]] = {
    "page": _page,
    "element": _element,
    "delay": _delay,
    "scroll": _scroll,
    "between": _between,
    "segment": _segment,
    "attribute": _attribute,
}


# Attributes: what is held against what is asked; of a list, one member is enough


def _holds(op: str, held: object, value: Any, now: datetime | None) -> bool:
    if op == "is_set":
        return _is_set(held, value)
    if op.endswith("_days"):
        value = (now, value)
    test = _TESTS[op]
    return any(test(one, value) for one in (held if isinstance(held, list) else (held,)))


def _is_set(held: object, _: object) -> bool:
    return held is not None and held != "" and held != []


def _same(one: object, value: object) -> bool:
    left, right = number(one), number(value)
    if left is not None and right is not None:
        return left == right
    text = folded(one)
    return text is not None and text == folded(value)


def _one_of(one: object, value: list[object]) -> bool:
    return any(_same(one, each) for each in value)


def _holding(one: object, value: object) -> bool:
    text, part = folded(one), folded(value)
    return text is not None and part is not None and part in text


def _starting(one: object, value: object) -> bool:
    text, part = folded(one), folded(value)
    return text is not None and part is not None and text.startswith(part)


def _greater(one: object, value: object) -> bool:
    left, right = number(one), number(value)
    return left is not None and right is not None and left > right


def _later(one: object, value: object) -> bool:
    left, right = instant(one), instant(value)
    return left is not None and right is not None and left > right


def _older(one: object, span: tuple[datetime, object]) -> bool:
    age, most = _age(one, span)
    return age is not None and age > most


def _newer(one: object, span: tuple[datetime, object]) -> bool:
    age, most = _age(one, span)
    return age is not None and age < most


def _age(one: object, span: tuple[datetime, object]) -> tuple[int | None, float]:
    """Milliseconds from a moment held until now, and the days it is held against."""
    held = instant(one)
    return None if held is None else milliseconds(span[0]) - held, (number(span[1]) or 0) * DAY


_OPPOSITES = {"is_not": "is", "not_in": "in", "contains_not": "contains", "is_not_set": "is_set"}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is_set": _is_set,
    "is": _same,
    "in": _one_of,
    "contains": _holding,
    "starts_with": _starting,
    "greater": _greater,
    "less": lambda one, value: _greater(value, one),
    "before": lambda one, value: _later(value, one),
    "after": _later,
    "older_than_days": _older,
    "newer_than_days": _newer,
}


# Pages: an address in parts, and a pattern walked piece by piece

_PARTS = re.compile(r"([^/?#:]+://[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)
_UNSAFE = re.compile(r"[^!-~]+")


def _normal(address: str, pattern: str) -> str:
    """The parts of an address that the pattern speaks of, without the slash at the end."""
    parts = _PARTS.fullmatch(_escaped(address))
    origin, path, query, fragment = parts.groups("") if parts else ("", address, "", "")
    if not path and not origin.endswith("*"):
        path = "/"
    kept = "" if pattern.startswith("/") else origin.lower()
    kept += path if path == "/" else path.removesuffix("/")
    kept += query if "?" in pattern else ""
    return kept + ((fragment if fragment == "#/" else fragment.removesuffix("/")) if "#" in pattern else "")


def _escaped(address: str) -> str:
    """An address as the browser writes it, where letters beyond ASCII are percent-encoded."""
    try:
        return _UNSAFE.sub(lambda run: quote(run[0], safe=""), address)
    except UnicodeEncodeError:
        return address


def _fits(pattern: str, text: str) -> bool:
    """Whether a pattern with stars fits; each piece is looked for once, from where the one before it ended."""
    head, *pieces = pattern.split("*")
    if not pieces:
        return head == text
    tail = pieces.pop()
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for piece in pieces:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return True
