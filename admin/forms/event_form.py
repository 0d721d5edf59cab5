"""An event as a form: its name with rows about its properties; or the element that is clicked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from admin.forms.rule_form import RuleForm, RuleGroup, RuleRow, from_post, from_rule, is_index, to_rule

TARGET_WAYS = ("name", "text", "css")
PROPERTY_OPERATORS = ("is", "is_not", "contains", "greater", "less", "is_set", "is_not_set")


@dataclass(slots=True)
class EventForm:
    """The name of an event, and rows that its properties must match; a rule of another form is kept raw."""

    name: str = ""
    rule: RuleForm = field(default_factory=RuleForm)

    @property
    def rows(self) -> list[RuleRow]:
        """The rows of all groups."""
        return [row for group in self.rule.groups for row in group.rows]


def from_event(stored: Any) -> EventForm:
    """The form of a stored event filter."""
    if not isinstance(stored, Mapping):
        return EventForm()
    rule = from_rule(stored.get("where"))
    is_plain = len(rule.groups) < 2 and not any(group.negated or group.match == "any" for group in rule.groups)
    return EventForm(str(stored.get("name") or ""), rule if is_plain else RuleForm(raw=stored.get("where")))


def event_from_post(posted: Iterable[tuple[str, str]], prefix: str) -> EventForm:
    """The form posted below a prefix: event.name, event.groups.0.rows.1.op and so on."""
    pairs = list(posted)
    form = EventForm(next((value for name, value in pairs if name == f"{prefix}.name"), ""), from_post(pairs, prefix))
    for row in form.rows:
        row.of = "event"
    return form


def to_event(form: EventForm) -> dict[str, Any] | None:
    """The event filter of a form; None when it is empty."""
    rule = to_rule(form.rule)
    return {"name": form.name.strip(), "where": rule} if form.name.strip() or rule else None


def edit_rows(form: EventForm, action: str, number: str) -> None:
    """Add or remove a row: "row", "drop" (of a number), "start-over"."""
    if action == "row":
        if not form.rule.groups:
            form.rule.groups.append(RuleGroup())
        form.rule.groups[0].rows.append(RuleRow(of="event"))
    elif action == "start-over":
        form.rule = RuleForm()
    elif is_index(number, form.rows):
        form.rule.groups[0].rows.pop(int(number))


def read_target(posted: Mapping[str, Any], stored: Any) -> Any:
    """The element that is clicked; one picked on the page stays until another is named."""
    if "click.value" not in posted:
        return stored
    by, value = str(posted.get("click.by", "name")), str(posted["click.value"]).strip()
    return {"by": by if by in TARGET_WAYS else "name", "value": value, "label": ""} if value else None
