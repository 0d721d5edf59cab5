"""Guides: drafts, their saves, versions and publications."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from guides.ids import uuid7
from guides.models.accounts import Member
from guides.models.projects import Environment, Project


class Guide(Model):
    """Anything we show in the host page, `draft` is as typed, `settings` say who, when and how often."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    project_id: UUID
    project: fields.ForeignKeyRelation[Project] = fields.ForeignKeyField("guides.Project", related_name="guides")
    kind = fields.CharField(max_length=40)
    name = fields.CharField(max_length=200)
    draft: dict[str, Any] = fields.JSONField(default=dict)
    settings: dict[str, Any] = fields.JSONField(default=dict)
    revision = fields.IntField(default=1)
    created_at = fields.DatetimeField()
    edited_at = fields.DatetimeField()
    edited_by_id: UUID | None
    edited_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "guides.Member", null=True, related_name="edited", on_delete=fields.SET_NULL
    )
    archived_at = fields.DatetimeField(null=True)

    class Meta:
        table = "guide"
        indexes = (Index(fields=["project_id", "edited_at"]),)


class DraftSave(Model):
    """What a draft was at one revision, for undo and conflicts. `restores_revision` names the revision an undo or redo went to."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    guide_id: UUID
    guide: fields.ForeignKeyRelation[Guide] = fields.ForeignKeyField("guides.Guide", related_name="saves")
    revision = fields.IntField()
    name = fields.CharField(max_length=200)
    draft: dict[str, Any] = fields.JSONField()
    settings: dict[str, Any] = fields.JSONField()
    saved_by_id: UUID | None
    saved_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "guides.Member", null=True, related_name="saves", on_delete=fields.SET_NULL
    )
    restores_revision = fields.IntField(null=True)
    saved_at = fields.DatetimeField()

    class Meta:
        table = "draft_save"
        unique_together = (("guide", "revision"),)


class Version(Model):
    """A frozen body with its settings and a number, never changed again. `digest` names all of it, `body_digest` the body alone."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    guide_id: UUID
    guide: fields.ForeignKeyRelation[Guide] = fields.ForeignKeyField("guides.Guide", related_name="versions")
    number = fields.IntField()
    name = fields.CharField(max_length=200)
    body: dict[str, Any] = fields.JSONField()
    settings: dict[str, Any] = fields.JSONField()
    digest = fields.CharField(max_length=64)
    body_digest = fields.CharField(max_length=64, db_index=True)
    note = fields.CharField(max_length=300, default="")
    created_at = fields.DatetimeField()
    created_by_id: UUID | None
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "guides.Member", null=True, related_name="versions", on_delete=fields.SET_NULL
    )

    class Meta:
        table = "version"
        unique_together = (("guide", "number"),)


class Publication(Model):
    """One version, live in one environment from started_at until ended_at, the ended rows are the history."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id: UUID
    environment: fields.ForeignKeyRelation[Environment] = fields.ForeignKeyField("guides.Environment", related_name="publications")
    guide_id: UUID
    guide: fields.ForeignKeyRelation[Guide] = fields.ForeignKeyField("guides.Guide", related_name="publications")
    version_id: UUID
    version: fields.ForeignKeyRelation[Version] = fields.ForeignKeyField("guides.Version", related_name="publications")
    started_at = fields.DatetimeField()
    started_by_id: UUID | None
    started_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "guides.Member", null=True, related_name="publications", on_delete=fields.SET_NULL
    )
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "publication"
        indexes = (Index(fields=["environment_id", "ended_at"]),)
