"""Work that is done later or again and again."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from typing import Any

from tortoise import fields
from tortoise.models import Model

from guides.ids import uuid7


class Job(Model):
    """Work to do later, the row is the lock: whoever moves `leased_until` has it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=60)
    payload: dict[str, Any] = fields.JSONField(default=dict)
    due_at = fields.DatetimeField(db_index=True)
    leased_until = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=500, default="")

    class Meta:
        table = "job"
