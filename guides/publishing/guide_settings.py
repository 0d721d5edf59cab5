"""The settings every kind has: who sees a guide, what starts it and how often."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from guides.fields import EventRule, Rule, Target
from guides.messages import gettext_noop

MAX_DELAY_SECONDS = 600
MAX_REPEAT_DAYS = 365


class EventFilter(BaseModel):
    """An event that the host page sends with track(): its name, and a rule about its properties."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    where: EventRule | None = None

    def to_wire(self) -> dict[str, Any]:
        """The JSON the boot answer carries for this event."""
        return self.model_dump(mode="json", exclude_none=True)


class GuideSettings(BaseModel):
    """Who sees a guide, what starts it and how often; it starts `delay_seconds` later, unless `cancel_event` comes first."""

    model_config = ConfigDict(extra="forbid")

    audience: Rule | None = None
    trigger: Rule | None = None
    frequency: Literal["once", "until_finished", "every_days", "always"] = "once"
    priority: Annotated[int, Field(ge=0, le=100)] = 50
    start: Literal["auto", "manual", "on_event", "on_click"] = "auto"
    repeat_after_days: Annotated[int, Field(ge=1, le=MAX_REPEAT_DAYS)] = 7
    event: EventFilter | None = Field(default=None, validate_default=True)
    click: Target | None = Field(default=None, validate_default=True)
    delay_seconds: Annotated[int, Field(ge=0, le=MAX_DELAY_SECONDS)] = 0
    cancel_event: EventFilter | None = None

    @field_validator("event")
    @classmethod
    def _require_name(cls, event: EventFilter | None, info: ValidationInfo) -> EventFilter | None:
        if info.data.get("start") == "on_event" and not (event and event.name):
            raise PydanticCustomError("event", gettext_noop("write the name of the event"))
        return event

    @field_validator("click")
    @classmethod
    def _require_element(cls, click: Target | None, info: ValidationInfo) -> Target | None:
        if info.data.get("start") == "on_click" and not (click and (click.value or click.by == "picked")):
            raise PydanticCustomError("click", gettext_noop("say which element is clicked"))
        return click

    def canonical(self) -> dict[str, Any]:
        """The settings a version stores: optional ones only where they have an effect, so that equal behavior gives an equal digest."""
        has_effect = {
            "repeat_after_days": self.frequency == "every_days",
            "event": self.start == "on_event",
            "click": self.start == "on_click",
            "delay_seconds": self._is_delayed,
            "cancel_event": self._effective_cancel_event is not None,
        }
        return {name: value for name, value in self.model_dump(mode="json").items() if has_effect.get(name, True)}

    def to_wire(self) -> dict[str, Any]:
        """The JSON the boot answer carries for these settings."""
        trigger: dict[str, Any] = {}
        if self.start == "on_event" and self.event:
            trigger["event"] = self.event.to_wire()
        if self.start == "on_click" and self.click:
            trigger["click"] = self.click.model_dump(mode="json")
        if self._is_delayed:
            trigger["delay_seconds"] = self.delay_seconds
        if self._effective_cancel_event:
            trigger["cancel_event"] = self._effective_cancel_event.to_wire()
        wire: dict[str, Any] = {"start": "manual" if self.start == "manual" else "auto", "frequency": self.frequency}
        if self.frequency == "every_days":
            wire["repeat_after_days"] = self.repeat_after_days
        return wire | ({"trigger": trigger} if trigger else {})

    @property
    def _is_delayed(self) -> bool:
        return self.start != "manual" and self.delay_seconds > 0

    @property
    def _effective_cancel_event(self) -> EventFilter | None:
        return self.cancel_event if self._is_delayed and self.cancel_event and self.cancel_event.name else None
