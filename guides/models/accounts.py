"""Who signs in to the admin, and the keys of customers' programs."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from guides.ids import uuid7
from guides.models.projects import Environment, Project


class Role(StrEnum):
    """What a member may do in a project."""

    VIEWER = "viewer"
    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"


class Member(Model):
    """Someone who signs in to the admin, the address is stored folded to lower case."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    email = fields.CharField(max_length=254, unique=True)
    name = fields.CharField(max_length=100)
    password_hash = fields.CharField(max_length=200)
    locale = fields.CharField(max_length=20, default="")
    color_scheme = fields.CharField(max_length=10, default="auto")
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "member"


class Membership(Model):
    """A member's role in one project."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    project_id: UUID
    project: fields.ForeignKeyRelation[Project] = fields.ForeignKeyField("guides.Project", related_name="memberships")
    member_id: UUID
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("guides.Member", related_name="memberships")
    role = fields.CharEnumField(Role, max_length=10)
    created_at = fields.DatetimeField()

    class Meta:
        table = "membership"
        unique_together = (("project", "member"),)


class Session(Model):
    """A signed-in browser, found by the SHA-256 of its cookie, `csrf_secret` makes its CSRF tokens."""

    digest = fields.CharField(max_length=64, primary_key=True)
    member_id: UUID
    member: fields.ForeignKeyRelation[Member] = fields.ForeignKeyField("guides.Member", related_name="sessions")
    csrf_secret = fields.CharField(max_length=64)
    ip_address = fields.CharField(max_length=60, default="")
    user_agent = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "session"


class OneTimeLink(Model):
    """A secret link that works once: an invitation, a password reset or the set-up of the instance."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purpose = fields.CharField(max_length=20)
    digest = fields.CharField(max_length=64, unique=True)
    email = fields.CharField(max_length=254, default="")
    project_id: UUID | None
    project: fields.ForeignKeyNullableRelation[Project] = fields.ForeignKeyField("guides.Project", null=True, related_name="one_time_links")
    role = fields.CharEnumField(Role, max_length=10, null=True)
    created_by_id: UUID | None
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField(
        "guides.Member", null=True, related_name="one_time_links"
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_link"


class ApiKey(Model):
    """A secret key or signing secret of one environment, shown once, `encrypted_secret` is set for signing secrets alone."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    environment_id: UUID
    environment: fields.ForeignKeyRelation[Environment] = fields.ForeignKeyField("guides.Environment", related_name="api_keys")
    purpose = fields.CharField(max_length=10)
    label = fields.CharField(max_length=100, default="")
    digest = fields.CharField(max_length=64, unique=True)
    last4 = fields.CharField(max_length=4)
    encrypted_secret = fields.TextField(default="")
    scopes: list[str] = fields.JSONField(default=list)
    created_by_id: UUID | None
    created_by: fields.ForeignKeyNullableRelation[Member] = fields.ForeignKeyField("guides.Member", null=True, related_name="api_keys")
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "api_key"
