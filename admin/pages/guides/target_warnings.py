"""How the elements of a draft were found lately, where that is worth a word: often missed, or lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from admin.forms.form import Field
from admin.i18n.translate import gettext as _
from guides import clock
from guides.events.target_counts import health
from guides.fields import Target
from guides.models import Environment, Guide, Version

FOUND_DAYS = 28
FOUND_ENOUGH = 0.9
LEAST_TRIES = 10


@dataclass(frozen=True, slots=True)
class Doubt:
    """The percent in which an element was found in the latest weeks, and whether it was not found at all the last time."""

    percent: int
    is_lost: bool

    @property
    def said(self) -> str:
        """The sentence that says so."""
        if self.is_lost:
            return _("Its element was not found the last day it was looked for")
        return _("Its element was found %(percent)s%% of the time in the last 28 days") % {"percent": self.percent}


async def doubts(guide: Guide, environment: Environment, live: Version | None, parts: Field) -> dict[str, Doubt]:
    """By part; a part that points at another element than the version people get is not judged by what they met."""
    until = clock.today()
    found = await health(guide, environment, until - timedelta(days=FOUND_DAYS - 1), until)
    told = {
        key: Doubt(int(100 * one.rate), one.is_lost)
        for key, one in found.items()
        if one.is_lost or (one.tries >= LEAST_TRIES and one.rate < FOUND_ENOUGH)
    }
    given = _given(live, parts.name) if told else {}
    return {part.key: told[part.key] for part in parts.fields if part.key in told and _is_same(part, given.get(part.key))}


def _given(live: Version | None, name: str) -> Mapping[str, Any]:
    parts = live.body.get(name) if live else None
    return {str(one.get("key")): one for one in parts if isinstance(one, Mapping)} if isinstance(parts, list) else {}


def _is_same(part: Field, given: Any) -> bool:
    aims = [one for one in part.fields if one.widget == "target"]
    return given is not None and all(_element(one.value) == _element(given.get(one.name.rpartition(".")[2])) for one in aims)


def _element(value: Any) -> Target | None:
    try:
        return Target.model_validate(value).model_copy(update={"label": ""})
    except ValidationError:
        return None
