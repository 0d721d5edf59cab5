"""Every table: nothing but columns and one-line properties. What one does with a row is a verb elsewhere."""

from __future__ import annotations

# The ORM splits statements at semicolons, comments on tables included: a docstring here holds none.
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from guides.ids import uuid7
from guides.models.analytics import DroppedEventCount as DroppedEventCount
from guides.models.analytics import EventDailyCount as EventDailyCount
from guides.models.analytics import TargetDailyCount as TargetDailyCount


class Role(StrEnum):
    """What a member may do in a project."""

    VIEWER = "viewer"
    AGENT = "agent"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"


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
