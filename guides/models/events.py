"""Everything that happened to a person, as it came in."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from typing import Any

from tortoise import fields
from tortoise.models import Model


class Event(Model):
    """Something that happened. The table is made by hand (partitioned by day on PostgreSQL), never use the ORM to write it."""

    id = fields.UUIDField(primary_key=True)
    environment_id = fields.UUIDField()
    day = fields.DateField()
    person_id = fields.UUIDField()
    guide_id = fields.UUIDField(null=True)
    version = fields.IntField(null=True)
    name = fields.CharField(max_length=200)
    item = fields.CharField(max_length=40, null=True)
    occurred_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    props: dict[str, Any] = fields.JSONField(default=dict)

    class Meta:
        table = "event"
