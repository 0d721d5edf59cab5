"""Finds the rules that may hold for one person by the attribute values they require, without evaluating each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from guides.coercion import folded, number
from guides.rules.evaluate import Attributes, Rule
from guides.rules.operators import OPERATORS

Key = float | str


class Prefilter:
    """Positions of rules by an attribute value they require; a rule that requires none is always a candidate."""

    def __init__(self, rules: Sequence[Rule | None]) -> None:
        self._always: list[int] = []
        self._by_value: dict[tuple[str, str], dict[Key, list[int]]] = defaultdict(lambda: defaultdict(list))
        for position, rule in enumerate(rules):
            required = _required_values(rule)
            if required is None:
                self._always.append(position)
                continue
            of, name, values = required
            for key in _keys(values):
                self._by_value[of, name][key].append(position)

    def candidates(self, person: Attributes, company: Attributes) -> list[int]:
        """The positions, in order, of every rule that could hold, and of few that cannot."""
        candidates = set(self._always)
        for (of, name), positions in self._by_value.items():
            value = (company if of == "company" else person).get(name)
            for key in _keys(value if isinstance(value, list) else (value,)):
                candidates.update(positions.get(key, ()))
        return sorted(candidates)


def without_required_value(rule: Rule | None) -> Rule | None:
    """What is left of a rule for the people whom the prefilter finds: equal keys are equal values, so that part of it holds."""
    if not rule or _required_values(rule) is None:
        return rule
    tag, operand = next(iter(rule.items()))
    if tag != "all":
        return None
    number = next(number for number, member in enumerate(operand) if _required_values(member))
    remainder = without_required_value(operand[number])
    return {"all": [*operand[:number], *([remainder] if remainder else []), *operand[number + 1 :]]}


def _required_values(rule: Rule | None) -> tuple[str, str, list[object]] | None:
    """An attribute that must equal one of some values for the rule to hold at all."""
    if not rule:
        return None
    tag, operand = next(iter(rule.items()))
    if tag == "all":
        return next((required for member in operand if (required := _required_values(member))), None)
    if tag != "attribute" or (operator := OPERATORS.get(operand["op"])) is None or not operator.finds_equal:
        return None
    value = operand["value"]
    return operand["of"], operand["name"], value if isinstance(value, list) else [value]


def _keys(values: Iterable[object]) -> set[Key]:
    """Equal values have equal keys: numbers and text that looks like one by amount, all else by its text."""
    return {key for value in values if (key := _key(value)) is not None}


def _key(value: object) -> Key | None:
    amount = number(value)
    return folded(value) if amount is None else amount
