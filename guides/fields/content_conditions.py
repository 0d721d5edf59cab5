"""Rules inside a body: which there are, and what remains of them for one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from guides.fields.conditions import RuleType
from guides.kind import Body, Path
from guides.rules.evaluate import Facts, evaluate

ALWAYS: Mapping[str, Any] = {"all": []}
NEVER: Mapping[str, Any] = {"any": []}


def rule_paths(body: Body) -> tuple[Path, ...]:
    """The paths of every rule in a body."""
    return tuple(_rule_paths(body, ()))


def evaluate_rules(body: Any, paths: Sequence[Path], facts: Facts) -> Any:
    """The body with each rule reduced to what these facts leave open; a rule that holds is left out where it may be.

    Copies only the parts above a rule.
    """
    for path in paths:
        body = _reduced(body, path, facts)
    return body


def _reduced(node: Any, path: Path, facts: Facts) -> Any:
    step, *rest = path
    if isinstance(node, list):
        members = list(node)
        members[int(step)] = _reduced(members[int(step)], tuple(rest), facts)
        return members
    name = str(step)
    value: Any = getattr(node, name)
    model: type[BaseModel] = type(node)
    reduced = _reduced(value, tuple(rest), facts) if rest else _remaining(value, facts, _rule_fields(model)[name])
    return node.model_copy(update={name: reduced})


def _remaining(rule: dict[str, Any], facts: Facts, is_optional: bool) -> Mapping[str, Any] | None:
    answer = evaluate(rule, facts)
    if answer is True:
        return None if is_optional else ALWAYS
    return NEVER if answer is False else answer


def _rule_paths(node: Any, path: Path) -> Iterator[Path]:
    if isinstance(node, list):
        for number, member in enumerate(node):
            yield from _rule_paths(member, (*path, number))
    elif isinstance(node, BaseModel):
        rules = _rule_fields(type(node))
        for name, value in node:
            if name in rules and value is not None:
                yield (*path, name)
            elif name not in rules:
                yield from _rule_paths(value, (*path, name))


@cache
def _rule_fields(model: type[BaseModel]) -> Mapping[str, bool]:
    """The fields of a model that are a Rule, and whether each may be None."""
    hints = get_type_hints(model, include_extras=True)
    return {name: type(None) in get_args(hints[name]) for name in model.model_fields if _is_rule(hints[name])}


def _is_rule(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return any(isinstance(mark, RuleType) for mark in annotation.__metadata__) or _is_rule(get_args(annotation)[0])
    return any(_is_rule(member) for member in get_args(annotation) if get_origin(member) is Annotated)
