"""The rows of the list of parts beside the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admin.forms.form import Field
from admin.forms.plain_text import to_plain_text
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import GuideHeader
from admin.pages.guides.target_warnings import TargetWarning
from guides.kind import Problem

TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in the list: its title, a second line, the number of its problems."""

    name: str
    key: str
    number: int
    title: str
    subtitle: str
    icon: str
    choice: str
    blocking: int
    warnings: int
    target_warning: TargetWarning | None

    @property
    def label(self) -> tuple[str, ...]:
        """What the row shows but for its mark."""
        return self.title, self.subtitle, self.icon

    @property
    def mark(self) -> tuple[int, int, TargetWarning | None]:
        """What the mark at the end of the row shows."""
        return self.blocking, self.warnings, self.target_warning


def part_row(header: GuideHeader, item: Field, number: int, warning: TargetWarning | None) -> PartRow:
    """The row of one part; `warning` counts only while the part has a target."""
    label, icon = _chosen_variant(item)
    problems = _problems_below(header.problems, item.name)
    return PartRow(
        name=item.name,
        key=item.key,
        number=number,
        title=part_title(item) or f"{_(item.item_title)} {number}",
        subtitle=_target_label(item) or label,
        icon=icon or f"kind-{header.guide.kind}",
        choice=label,
        blocking=sum(not problem.warning for problem in problems),
        warnings=sum(problem.warning for problem in problems),
        target_warning=warning if _target_label(item) else None,
    )


def _chosen_variant(item: Field) -> tuple[str, str]:
    """The label and the icon that tell parts apart: of the variant in a list of a union, else of the first choice."""
    choice = item if item.tag_name else next((field for field in item.fields if field.widget == "choice"), None)
    return next(((label, icon) for value, label, icon in choice.choices if value == str(choice.value)), ("", "")) if choice else ("", "")


def part_title(item: Field) -> str:
    """The first text in a part, on one line and cut at 80 characters; empty when there is none."""
    for field in item.fields:
        text = (
            field.value
            if field.widget == "short_text" and isinstance(field.value, str)
            else to_plain_text(field.value)
            if field.widget == "rich_text"
            else ""
        )
        if text.strip():
            line = " ".join(text.split())
            return line if len(line) <= TITLE_LENGTH else line[:TITLE_LENGTH].rstrip() + "…"
    return ""


def _target_label(item: Field) -> str:
    for field in item.fields:
        if field.widget == "target" and field.is_shown and isinstance(field.value, Mapping):
            return str(field.value.get("label") or field.value.get("value") or "")
    return ""


def _problems_below(problems: Sequence[Problem], name: str) -> list[Problem]:
    steps = name.split(".")
    return [problem for problem in problems if [str(step) for step in problem.path[: len(steps)]] == steps]
