"""Which of many rules may hold for one person, found by the values they ask for instead of by asking each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from guides.coercion import folded, number
from guides.rules.evaluate import Attributes, Rule

Key = float | str


class Candidates:
    """Positions of rules by the attribute value that must be there; a rule that asks for none is always a candidate."""

    def __init__(self, rules: Sequence[Rule | None]) -> None:
        self._always: list[int] = []
        self._by_value: dict[tuple[str, str], dict[Key, list[int]]] = defaultdict(lambda: defaultdict(list))
        for position, rule in enumerate(rules):
            asked = _equality(rule)
            if asked is None:
                self._always.append(position)
                continue
            of, name, values = asked
            for key in _keys(values):
                self._by_value[of, name][key].append(position)

    def of(self, person: Attributes, company: Attributes) -> list[int]:
        """The positions, in order, of every rule that could hold; most that cannot are left out."""
        found = set(self._always)
        for (of, name), positions in self._by_value.items():
            held = (company if of == "company" else person).get(name)
            for key in _keys(held if isinstance(held, list) else (held,)):
                found.update(positions.get(key, ()))
        return sorted(found)


def _equality(rule: Rule | None) -> tuple[str, str, list[object]] | None:
    """An attribute that must equal one of some values for the rule to hold at all."""
    if not rule:
        return None
    tag, asked = next(iter(rule.items()))
    if tag == "all":
        return next((found for part in asked if (found := _equality(part))), None)
    if tag != "attribute" or asked["op"] not in ("is", "in"):
        return None
    value = asked["value"]
    return asked["of"], asked["name"], value if asked["op"] == "in" else [value]


def _keys(values: Iterable[object]) -> set[Key]:
    """Equal values have equal keys: numbers and what looks like one by their amount, the rest by their text."""
    return {key for value in values if (key := _key(value)) is not None}


def _key(value: object) -> Key | None:
    amount = number(value)
    return folded(value) if amount is None else amount
