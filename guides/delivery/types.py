"""The types of one boot: what is asked, the row that is read for it, the guides that are delivered, and the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from guides.database import as_json, as_time
from guides.kind import Person
from guides.people.identify import Identity
from guides.progress.frequency import GuideProgress
from guides.publishing.compiled import CompiledGuide, EnvironmentSnapshot
from guides.rules.evaluate import Rule


@dataclass(frozen=True, slots=True)
class BootRequest:
    """One page view: the environment's public key, who is there, the page's URL, its origin (None when not from a browser).

    `requested_guide` is the id of a guide the host page starts by name: it is delivered whatever its rule and frequency say.
    """

    public_key: str
    identity: Identity
    page_url: str
    origin: str | None
    now: datetime
    requested_guide: str | None = None
    locale: str = ""


@dataclass(frozen=True, slots=True)
class BootResult:
    """What the browser gets: each guide as encoded JSON; `kinds` are the slugs whose renderers it needs.

    `effects` says by kind and event what an event does to progress; `listings` are the guides that delivered guides may list.
    """

    revision: int
    is_disabled: bool
    person: Mapping[str, Any]
    theme: Mapping[str, Any]
    guides: Sequence[bytes]
    kinds: frozenset[str]
    effects: Mapping[str, Mapping[str, str]]
    listings: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class BootRow:
    """All that one boot reads from the database: the environment, the stored person (None if new) and their progress by guide id."""

    environment_id: UUID
    project_id: UUID
    revision: int
    is_disabled: bool
    allowed_origins: Sequence[str]
    last_boot_at: datetime | None
    has_identified: bool
    person: Person | None
    progress: Mapping[str, GuideProgress]

    @classmethod
    def from_sql(cls, rows: Sequence[Mapping[str, Any]]) -> BootRow:
        """The rows of guides/sql/delivery/boot.sql, one for each guide with progress or a single one without any."""
        first = rows[0]
        return cls(
            environment_id=UUID(str(first["environment_id"])),
            project_id=UUID(str(first["project_id"])),
            revision=first["revision"],
            is_disabled=bool(first["is_disabled"]),
            allowed_origins=as_json(first["allowed_origins"]),
            last_boot_at=as_time(first["last_boot_at"]),
            has_identified=bool(first["has_identified"]),
            person=_stored_person(first),
            progress={str(row["guide_id"]): GuideProgress.from_sql(row) for row in rows if row["guide_id"] is not None},
        )


@dataclass(frozen=True, slots=True)
class LiveGuides:
    """What is live, and by guide id the older version this person has started and will finish."""

    snapshot: EnvironmentSnapshot
    pinned: Mapping[str, CompiledGuide]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One guide for one person.

    `rule` is what the browser still has to evaluate (True: nothing), `is_prefiltered` says that it is the same for everybody
    who gets this guide. `live_version` is the number of the live version where the person gets an older one,
    `done_by_company` what others of the company have done where progress is shared.
    """

    guide: CompiledGuide
    rule: bool | Rule
    progress: GuideProgress | None
    live_version: int | None = None
    is_prefiltered: bool = False
    done_by_company: frozenset[str] = frozenset()


def _stored_person(row: Mapping[str, Any]) -> Person | None:
    if row["person_id"] is None:
        return None
    return Person(
        id=row["external_id"],
        attributes=as_json(row["attributes"]),
        company=as_json(row["company_attributes"]) or {},
        company_id=row["company"],
        membership=as_json(row["membership"]),
        anonymous_id=row["anonymous_id"],
        last_seen_at=as_time(row["last_seen_at"]),
    )
