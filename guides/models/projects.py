"""Projects, their environments and themes."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from guides.ids import uuid7


class Project(Model):
    """One customer's product, owns everything below."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=100)
    slug = fields.CharField(max_length=60, unique=True)
    image_hosts: list[str] = fields.JSONField(default=list)
    created_at = fields.DatetimeField()

    class Meta:
        table = "project"


class Environment(Model):
    """Where a project runs, `revision` moves whenever what people may see changes."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    project_id: UUID
    project: fields.ForeignKeyRelation[Project] = fields.ForeignKeyField("guides.Project", related_name="environments")
    name = fields.CharField(max_length=60)
    slug = fields.CharField(max_length=40)
    public_key = fields.CharField(max_length=60, unique=True)
    is_production = fields.BooleanField(default=False)
    allowed_origins: list[str] = fields.JSONField(default=list)
    revision = fields.BigIntField(default=1)
    is_disabled = fields.BooleanField(default=False)
    last_boot_at = fields.DatetimeField(null=True)
    last_boot_url = fields.CharField(max_length=500, default="")
    has_identified = fields.BooleanField(default=False)
    last_refused_origin = fields.CharField(max_length=300, default="")
    created_at = fields.DatetimeField()

    class Meta:
        table = "environment"
        unique_together = (("project", "slug"),)


class Theme(Model):
    """Colours and shapes of a project's guides."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    project_id: UUID
    project: fields.ForeignKeyRelation[Project] = fields.ForeignKeyField("guides.Project", related_name="themes")
    name = fields.CharField(max_length=100)
    tokens: dict[str, Any] = fields.JSONField(default=dict)
    color_scheme = fields.CharField(max_length=10, default="auto")
    is_default = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta:
        table = "theme"
