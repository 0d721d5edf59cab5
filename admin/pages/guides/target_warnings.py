"""Warnings beside the items of a draft whose elements were often not found lately."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from admin.forms.form import Field
from admin.i18n.translate import gettext as _
from guides import clock
from guides.events.target_counts import get_target_health
from guides.fields import Target
from guides.models import Environment, Guide, Version

WINDOW_DAYS = 28
MIN_FOUND_RATE = 0.9
MIN_LOOKUPS = 10


@dataclass(frozen=True, slots=True)
class TargetWarning:
    """The percent of lookups that found an element in the last 28 days, and whether none did on the last day it was looked for."""

    percent: int
    is_lost: bool

    @property
    def sentence(self) -> str:
        """The warning as a sentence without its full stop."""
        if self.is_lost:
            return _("Its element was not found the last day it was looked for")
        return _("Its element was found %(percent)s%% of the time in the last 28 days") % {"percent": self.percent}


async def list_target_warnings(guide: Guide, environment: Environment, live: Version | None) -> dict[str, TargetWarning]:
    """The warnings about the live version by item key. Costs one query, none when nothing is live."""
    if live is None:
        return {}
    until = clock.today()
    target_health = await get_target_health(guide, environment, until - timedelta(days=WINDOW_DAYS - 1), until)
    return {
        key: TargetWarning(int(100 * row.rate), row.is_lost)
        for key, row in target_health.items()
        if row.is_lost or (row.tries >= MIN_LOOKUPS and row.rate < MIN_FOUND_RATE)
    }


def matching_warnings(
    warnings: Mapping[str, TargetWarning], live: Version | None, name: str, items: Iterable[Field]
) -> dict[str, TargetWarning]:
    """The warnings that hold for the draft's items of the list of that name: those whose targets are as in the live version."""
    live_items = _live_items(live, name) if warnings else {}
    return {item.key: warnings[item.key] for item in items if item.key in warnings and _has_same_targets(item, live_items.get(item.key))}


def _live_items(live: Version | None, name: str) -> Mapping[str, Any]:
    items = live.body.get(name) if live else None
    return {str(item.get("key")): item for item in items if isinstance(item, Mapping)} if isinstance(items, list) else {}


def _has_same_targets(item: Field, live_item: Any) -> bool:
    targets = [field for field in item.fields if field.widget == "target"]
    return live_item is not None and all(_target(field.value) == _target(live_item.get(field.name.rpartition(".")[2])) for field in targets)


def _target(value: Any) -> Target | None:
    try:
        return Target.model_validate(value).model_copy(update={"label": ""})
    except ValidationError:
        return None
