"""Parts of a body that are only for some people or pages: what the server can answer of that, the browser need not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from guides.fields.conditions import parse_rule
from guides.fields.old_conditions import ONLY
from guides.kind import Path, Problem
from guides.messages import validation_message
from guides.rules.evaluate import Facts, Rule, evaluate


def is_conditional(part: Any) -> bool:
    """Whether any part of a body asks for whom or where it is."""
    if isinstance(part, Mapping):
        return bool(part.get(ONLY)) or any(is_conditional(inner) for inner in part.values())
    return isinstance(part, list) and any(is_conditional(inner) for inner in part)


def settled(part: Any, facts: Facts) -> Any:
    """The same body without the conditions that hold for this person; those that do not, or that the browser answers, stay."""
    if isinstance(part, list):
        return [settled(inner, facts) for inner in part]
    if not isinstance(part, Mapping):
        return part
    kept = {name: settled(inner, facts) for name, inner in part.items()}
    if left := [asked for asked in kept.pop(ONLY, ()) if evaluate(rule_of(asked), facts) is not True]:
        kept[ONLY] = left
    return kept


def rule_of(asked: Mapping[str, Any]) -> Rule:
    """One condition of a body as a rule."""
    match asked["by"]:
        case "attribute":
            return {"attribute": {"of": asked["of"], "name": asked["name"], "op": asked["op"], "value": _value(asked)}}
        case "page":
            rule: Rule = {"page": asked["page"]}
        case _:
            rule = {"element": asked["element"]}
    return {"not": rule} if asked["op"] == "is_not" else rule


def condition_problems(part: Any, path: Path = ()) -> Iterator[Problem]:
    """What no rule may ask, wherever it stands in a body."""
    inside = part.items() if isinstance(part, Mapping) else enumerate(part) if isinstance(part, list) else ()
    for step, inner in inside:
        yield from condition_problems(inner, (*path, step))
    for number, asked in enumerate(part.get(ONLY) or () if isinstance(part, Mapping) else ()):
        try:
            parse_rule(rule_of(asked))
        except ValidationError as error:
            wrong = error.errors()[0]
            yield Problem((*path, ONLY, number, _field(error)), validation_message(wrong["type"], wrong.get("ctx", {}), wrong["msg"]))


def _field(error: ValidationError) -> str:
    """The field of the condition that the rule's problem is about."""
    last = [step for step in error.errors()[0]["loc"] if isinstance(step, str)][-1:]
    return last[0] if last else "value"


def _value(asked: Mapping[str, Any]) -> Any:
    """What is typed is a text: a list where there may be several, nothing where nothing is asked."""
    text: str = asked["value"]
    if asked["op"] in ("is_set", "is_not_set"):
        return None
    return [each.strip() for each in text.split(",") if each.strip()] if asked["op"] in ("in", "not_in") else text
