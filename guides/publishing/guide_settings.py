"""Who sees a guide, what starts it and how often: the settings that are the same for every kind."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic import ValidationInfo as Known
from pydantic_core import PydanticCustomError

from guides.fields import EventRule, Rule, Target
from guides.messages import gettext_noop

LONGEST_WAIT = 600
MOST_DAYS = 365


class Happening(BaseModel):
    """Something the host page tells with track(): its name, and what must hold for its properties."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    where: EventRule | None = None

    @property
    def said(self) -> dict[str, Any]:
        """As the embed reads it."""
        return self.model_dump(mode="json", exclude_none=True)


class Settings(BaseModel):
    """Who sees a guide, what starts it and how often; `wait` counts seconds, in which `cancel` calls it off."""

    model_config = ConfigDict(extra="forbid")

    audience: Rule | None = None
    trigger: Rule | None = None
    frequency: Literal["once", "until_finished", "every_days", "always"] = "once"
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    start: Literal["auto", "manual", "on_event", "on_click"] = "auto"
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = 7
    event: Happening | None = Field(default=None, validate_default=True)
    click: Target | None = Field(default=None, validate_default=True)
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 0
    cancel: Happening | None = None

    @field_validator("event")
    @classmethod
    def _has_a_name(cls, event: Happening | None, known: Known) -> Happening | None:
        if known.data.get("start") == "on_event" and not (event and event.name):
            raise PydanticCustomError("event", gettext_noop("write the name of the event"))
        return event

    @field_validator("click")
    @classmethod
    def _names_an_element(cls, click: Target | None, known: Known) -> Target | None:
        if known.data.get("start") == "on_click" and not (click and (click.value or click.by == "picked")):
            raise PydanticCustomError("click", gettext_noop("say which element is clicked"))
        return click

    def frozen(self) -> dict[str, Any]:
        """What a version keeps: fields that came later only where they say something, so that old words stay the same version."""
        used = {
            "days": self.frequency == "every_days",
            "event": self.start == "on_event",
            "click": self.start == "on_click",
            "wait": self._waits,
            "cancel": self._cancel is not None,
        }
        return {name: value for name, value in self.model_dump(mode="json").items() if used.get(name, True)}

    def said(self) -> dict[str, Any]:
        """As the embed reads it."""
        trigger: dict[str, Any] = {}
        if self.start == "on_event" and self.event:
            trigger["event"] = self.event.said
        if self.start == "on_click" and self.click:
            trigger["click"] = self.click.model_dump(mode="json")
        if self._waits:
            trigger["delay"] = self.wait
        if self._cancel:
            trigger["cancel"] = self._cancel.said
        told: dict[str, Any] = {"start": "manual" if self.start == "manual" else "auto", "frequency": self.frequency}
        if self.frequency == "every_days":
            told["days"] = self.days
        return told | ({"trigger": trigger} if trigger else {})

    @property
    def _waits(self) -> bool:
        return self.start != "manual" and self.wait > 0

    @property
    def _cancel(self) -> Happening | None:
        return self.cancel if self._waits and self.cancel and self.cancel.name else None
