"""The people of the host page, their companies, and how far each person is in each guide."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from guides.ids import uuid7
from guides.models.guides import Guide
from guides.models.projects import Environment


class Company(Model):
    """What a person belongs to."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id: UUID
    environment: fields.ForeignKeyRelation[Environment] = fields.ForeignKeyField("guides.Environment", related_name="companies")
    external_id = fields.CharField(max_length=200)
    attributes: dict[str, Any] = fields.JSONField(default=dict)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "company"
        unique_together = (("environment", "external_id"),)


class Person(Model):
    """Someone who uses the host page: `external_id` is the host's id, `anonymous_id` the browser's, at least one is set."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id: UUID
    environment: fields.ForeignKeyRelation[Environment] = fields.ForeignKeyField("guides.Environment", related_name="people")
    external_id = fields.CharField(max_length=200, null=True)
    anonymous_id = fields.CharField(max_length=200, null=True)
    attributes: dict[str, Any] = fields.JSONField(default=dict)
    company_id: UUID | None
    company: fields.ForeignKeyNullableRelation[Company] = fields.ForeignKeyField(
        "guides.Company", null=True, related_name="people", on_delete=fields.SET_NULL
    )
    membership: dict[str, Any] = fields.JSONField(default=dict)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "person"
        unique_together = (("environment", "external_id"), ("environment", "anonymous_id"))
        indexes = (Index(fields=["environment_id", "last_seen_at"]),)


class Progress(Model):
    """Where one person is in one guide, written by ingest once for each commit, `first_completed_at` is the first time."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id: UUID
    environment: fields.ForeignKeyRelation[Environment] = fields.ForeignKeyField("guides.Environment", related_name="progress")
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField("guides.Person", related_name="progress")
    guide_id: UUID
    guide: fields.ForeignKeyRelation[Guide] = fields.ForeignKeyField("guides.Guide", related_name="progress")
    version = fields.IntField()
    status = fields.CharField(max_length=10)
    current_item = fields.CharField(max_length=40, null=True)
    done_items: list[str] = fields.JSONField(default=list)
    state: dict[str, Any] = fields.JSONField(default=dict)
    times_shown = fields.IntField(default=0)
    last_shown_day = fields.DateField(null=True)
    end_reason = fields.CharField(max_length=40, default="")
    started_at = fields.DatetimeField()
    last_event_at = fields.DatetimeField()
    snoozed_until = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    first_completed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "progress"
        unique_together = (("environment", "person", "guide"),)
        indexes = (Index(fields=["environment_id", "guide_id", "status"]),)
