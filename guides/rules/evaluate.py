"""Evaluates a rule against known facts. Returns True, False, or the part that needs facts only the browser has.

embed/src/rules/evaluate.ts evaluates that part; both are held by tests/shared_cases/rules.json.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guides.coercion import instant, milliseconds
from guides.rules.operators import OPERATORS
from guides.rules.page_patterns import matches_page

Attributes = Mapping[str, Any]
Rule = dict[str, Any]
"""A checked rule as JSON: one key names a group (all, any, not) or a condition; guides.fields.conditions has the types."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts a rule is evaluated against; None is unknown and stays in the rule. A person without a company has an empty one."""

    person: Attributes | None = None
    company: Attributes | None = None
    event: Attributes | None = None
    segments: set[str] | frozenset[str] | None = None
    page: str | None = None
    now: datetime | None = None
    seconds: float | None = None
    scroll: float | None = None
    element: Callable[[Mapping[str, Any]], bool | None] | None = None


def evaluate(rule: Rule | None, facts: Facts) -> bool | Rule:
    """True, False, or the part of a checked rule that these facts do not answer; no rule is always true."""
    if not rule:
        return True
    tag, operand = next(iter(rule.items()))
    if tag in _DECISIVE:
        return _evaluate_group(tag, operand, facts)
    if tag == "not":
        negated = evaluate(operand, facts)
        return not negated if isinstance(negated, bool) else {"not": negated}
    condition = _CONDITIONS.get(tag)
    answer = condition(operand, facts) if condition else None
    return rule if answer is None else answer


def attributes_in(rule: Rule | None) -> set[tuple[str, str]]:
    """The attributes a rule compares, as ("person", "company" or "event", name)."""
    return {(operand["of"], operand["name"]) for tag, operand in _conditions_in(rule) if tag == "attribute"}


def compares_event_properties_only(rule: Rule | None) -> bool:
    """Whether a rule has no conditions but those about properties of an event."""
    return all(tag == "attribute" and operand["of"] == "event" for tag, operand in _conditions_in(rule))


def is_for_browser(rule: Rule | None) -> bool:
    """Whether none of a rule's conditions can be answered by facts about the person, the company or the time."""
    return all(
        tag not in ("between", "segment") and (tag != "attribute" or operand["of"] == "event") for tag, operand in _conditions_in(rule)
    )


def segments_in(rule: Rule | None) -> set[str]:
    """The ids of the segments a rule names."""
    return {operand for tag, operand in _conditions_in(rule) if tag == "segment"}


_DECISIVE = {"all": False, "any": True}
"""The answer of one member that answers for the whole group."""


def _evaluate_group(tag: str, rules: list[Rule], facts: Facts) -> bool | Rule:
    decisive = _DECISIVE[tag]
    remaining: list[Rule] = []
    for rule in rules:
        answer = evaluate(rule, facts)
        if answer is decisive:
            return decisive
        if not isinstance(answer, bool):
            remaining.append(answer)
    if len(remaining) > 1:
        return {tag: remaining}
    return remaining[0] if remaining else not decisive


def _conditions_in(rule: Rule | None) -> Iterator[tuple[str, Any]]:
    for tag, operand in (rule or {}).items():
        if tag in _DECISIVE:
            for member in operand:
                yield from _conditions_in(member)
        elif tag == "not":
            yield from _conditions_in(operand)
        else:
            yield tag, operand


# Conditions: True, False, or None where a fact is missing


def _page(pattern: str, facts: Facts) -> bool | None:
    return None if facts.page is None else matches_page(pattern, facts.page)


def _element(target: Mapping[str, Any], facts: Facts) -> bool | None:
    return None if facts.element is None else facts.element(target)


def _delay(seconds: float, facts: Facts) -> bool | None:
    return None if facts.seconds is None else facts.seconds >= seconds


def _scroll(percent: float, facts: Facts) -> bool | None:
    return None if facts.scroll is None else facts.scroll >= percent


def _between(span: Mapping[str, str | None], facts: Facts) -> bool | None:
    if facts.now is None:
        return None
    now, start, end = milliseconds(facts.now), instant(span.get("from")), instant(span.get("until"))
    return (start is None or start <= now) and (end is None or now < end)


def _segment(id: str, facts: Facts) -> bool | None:
    return None if facts.segments is None else id in facts.segments


def _attribute(comparison: Mapping[str, Any], facts: Facts) -> bool | None:
    attributes: Attributes | None = getattr(facts, comparison["of"])
    operator = OPERATORS.get(comparison["op"])
    if attributes is None or operator is None or (operator.needs_now and facts.now is None):
        return None
    return operator.passes(attributes.get(comparison["name"]), comparison.get("value"), facts.now)


_CONDITIONS: dict[str, Callable[[Any, Facts], bool | None]] = {
    "page": _page,
    "element": _element,
    "delay": _delay,
    "scroll": _scroll,
    "between": _between,
    "segment": _segment,
    "attribute": _attribute,
}
