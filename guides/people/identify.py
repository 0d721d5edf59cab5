"""Identifying people: find or create the person a call names, group them in a company, store what changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from guides import clock, kind
from guides.database import run, transaction
from guides.errors import Invalid
from guides.models import Company, Person, Progress
from guides.people.attributes import MAX_ATTRIBUTES, Attributes, apply_changes, fits
from guides.progress.merge import merge_progress

LAST_SEEN_INTERVAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Identity:
    """What one call says about a person: the host page's id or the browser's anonymous one, and the attributes to change."""

    person: str | None = None
    anonymous: str | None = None
    attributes: Attributes = field(default_factory=dict)
    company: str | None = None
    company_attributes: Attributes = field(default_factory=dict)
    membership: Attributes = field(default_factory=dict)


def has_changes(person: kind.Person | None, identity: Identity) -> bool:
    """Whether the call changes anything stored; the time last seen counts every five minutes.

    `person` is the stored one, None when there is none. Raises Invalid naming an attribute that cannot be stored.
    """
    if person is None or person.last_seen_at is None:
        return identity.person is not None or identity.anonymous is not None
    if clock.now() - person.last_seen_at > LAST_SEEN_INTERVAL:
        return True
    if identity.person is not None and identity.anonymous is not None and person.anonymous_id != identity.anonymous:
        return True
    if apply_changes(person.attributes, identity.attributes, "person.attributes") is not None:
        return True
    return identity.company is not None and _has_company_changes(person, identity)


async def identify(environment_id: UUID, identity: Identity) -> Person:
    """Find or create the person, merge in what the browser did anonymously, and store what changed, in one transaction.

    Raises Invalid naming the attribute that cannot be stored, or when the call names nobody.
    """
    if identity.person is None and identity.anonymous is None:
        raise Invalid("Say who the person is, by id or by the browser's anonymous one.", "person")
    try:
        return await _write(environment_id, identity)
    except IntegrityError:
        return await _write(environment_id, identity)


def _has_company_changes(person: kind.Person, identity: Identity) -> bool:
    if person.company_id != identity.company:
        return True
    company = apply_changes(person.company, identity.company_attributes, "company.attributes")
    return company is not None or apply_changes(person.membership, identity.membership, "company.membership") is not None


@transaction
async def _write(environment_id: UUID, identity: Identity) -> Person:
    """Apply the changes to the locked row: an addition counts from what is stored by now, not from what the boot had read."""
    now = clock.now()
    person = await _find_person(environment_id, identity)
    if person is None:
        person = Person(
            environment_id=environment_id,
            external_id=identity.person,
            attributes={},
            membership={},
            created_at=now,
            last_seen_at=now,
        )
    await _set_browser(environment_id, person, identity.anonymous)
    if identity.company is not None:
        company = await _write_company(environment_id, identity, now)
        membership = person.membership if person.company_id == company.id else {}
        changed = apply_changes(membership, identity.membership, "company.membership")
        person.company, person.membership = company, membership if changed is None else changed
    changed = apply_changes(person.attributes, identity.attributes, "person.attributes")
    person.attributes = person.attributes if changed is None else changed
    person.last_seen_at = now
    await person.save()
    return person


async def _set_browser(environment_id: UUID, person: Person, anonymous_id: str | None) -> None:
    """Set the person's latest browser, and take it from whoever had it: its next anonymous visit is this person's."""
    if anonymous_id is None or person.anonymous_id == anonymous_id:
        return
    others = Person.filter(environment_id=environment_id, anonymous_id=anonymous_id).exclude(id=person.id)
    await others.update(anonymous_id=None)
    person.anonymous_id = anonymous_id


async def _find_person(environment_id: UUID, identity: Identity) -> Person | None:
    """The locked row of the person, with what the same browser did anonymously merged into it; None when there is none."""
    columns = (("external_id", identity.person), ("anonymous_id", identity.anonymous))
    conditions = [Q(**{column: value}) for column, value in columns if value is not None]
    rows = await Person.filter(Q(*conditions, join_type=Q.OR), environment_id=environment_id).order_by("id").select_for_update()
    identified = next((row for row in rows if identity.person is not None and row.external_id == identity.person), None)
    browser = next((row for row in rows if identity.anonymous is not None and row.anonymous_id == identity.anonymous), None)
    if identity.person is None:
        return browser
    if browser is None or browser.external_id is not None:
        return identified
    if identified is None:
        browser.external_id = identity.person
        return browser
    await _merge_people(environment_id, browser, identified)
    return identified


async def _merge_people(environment_id: UUID, anonymous: Person, identified: Person) -> None:
    """Move events and progress to the identified person, whose attributes win, and delete the anonymous row."""
    await run(
        "UPDATE event SET person_id = :identified WHERE environment_id = :environment AND person_id = :anonymous",
        identified=identified.id,
        environment=environment_id,
        anonymous=anonymous.id,
    )
    progress = {row.guide_id: row for row in await Progress.filter(person=identified)}
    moved = []
    for row in await Progress.filter(person=anonymous):
        if row.guide_id in progress:
            merge_progress(progress[row.guide_id], row)
            await progress[row.guide_id].save()
        else:
            moved.append(row.id)
    await Progress.filter(id__in=moved).update(person=identified)
    added = {name: value for name, value in anonymous.attributes.items() if name not in identified.attributes}
    attributes = dict(list({**identified.attributes, **added}.items())[:MAX_ATTRIBUTES])
    identified.attributes = attributes if fits(attributes) else identified.attributes
    await anonymous.delete()


async def _write_company(environment_id: UUID, identity: Identity, now: datetime) -> Company:
    """The locked company, written only when something changed or every five minutes: all its people share the row."""
    company = await Company.select_for_update().get_or_none(environment_id=environment_id, external_id=identity.company)
    is_new = company is None
    if company is None:
        company = Company(environment_id=environment_id, external_id=identity.company, attributes={}, created_at=now, last_seen_at=now)
    changed = apply_changes(company.attributes, identity.company_attributes, "company.attributes")
    if is_new or changed is not None or now - company.last_seen_at > LAST_SEEN_INTERVAL:
        company.attributes, company.last_seen_at = company.attributes if changed is None else changed, now
        await company.save()
    return company
