"""What is only counted, by day."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from tortoise import fields
from tortoise.models import Model

from guides.ids import uuid7


class EventDailyCount(Model):
    """How often something happened on one day, kept in the transaction that stores the events."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id = fields.UUIDField()
    guide_id = fields.UUIDField()
    day = fields.DateField()
    name = fields.CharField(max_length=200)
    item = fields.CharField(max_length=40, default="")
    times = fields.BigIntField(default=0)
    people = fields.BigIntField(default=0)

    class Meta:
        table = "event_daily_count"
        unique_together = (("environment_id", "guide_id", "day", "name", "item"),)


class TargetDailyCount(Model):
    """How often the element of one item was found on one day, or missed for one reason, by page and browser."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id = fields.UUIDField()
    guide_id = fields.UUIDField()
    day = fields.DateField()
    item = fields.CharField(max_length=40)
    page = fields.CharField(max_length=200, default="")
    browser = fields.CharField(max_length=20, default="")
    reason = fields.CharField(max_length=40, default="")
    times = fields.BigIntField(default=0)
    score_count = fields.BigIntField(default=0)
    score_sum = fields.BigIntField(default=0)

    class Meta:
        table = "target_daily_count"
        unique_together = (("environment_id", "guide_id", "day", "item", "page", "browser", "reason"),)


class DroppedEventCount(Model):
    """What ingest refused, by reason and day, so that a silent mistake in the host page is seen."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id = fields.UUIDField()
    day = fields.DateField()
    code = fields.CharField(max_length=40)
    times = fields.BigIntField(default=0)

    class Meta:
        table = "dropped_event_count"
        unique_together = (("environment_id", "day", "code"),)
