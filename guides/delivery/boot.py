"""Answers a boot: reads the person and their progress, and selects the guides they get, in order."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tortoise.exceptions import OperationalError

from guides.database import batched_rows, sql
from guides.delivery.listings import list_guides, listing_json, lists_guides
from guides.delivery.payload import encode_guide
from guides.delivery.types import BootRequest, BootResult, BootRow, Delivery, LiveGuides
from guides.kind import Effect, Kind, Person, Scope, Visit
from guides.models import Environment
from guides.people.identify import has_changes, identify
from guides.progress.company import done_by_company
from guides.projects.environment_cache import unknown_environment
from guides.projects.origins import check_origin, is_origin_allowed
from guides.publishing.compiled import CompiledGuide, by_priority, get_snapshot
from guides.publishing.pinned_versions import pinned_versions
from guides.rules.evaluate import Facts, evaluate

CONNECTION_INTERVAL = timedelta(seconds=30)
URL_LENGTH = 500

log = logging.getLogger(__name__)


async def boot(request: BootRequest) -> BootResult:
    """Answer one page view with one query, and a write only when something about the person changed.

    One query more where the person has started a version that is no longer live and that this process has not cached.
    Raises Unknown (code unknown_environment), Refused (an origin that is not allowed) and Invalid (a bad attribute).
    """
    row = await _read(request)
    if not is_origin_allowed(request.origin, row.allowed_origins):
        await check_origin(await Environment.get(id=row.environment_id), request.origin)
    if has_changes(row.person, request.identity):
        await identify(row.environment_id, request.identity)
        row = await _read(request)
    await _record_connection(row, request)
    snapshot = await get_snapshot(row.environment_id, row.project_id, row.revision)
    pinned = await pinned_versions(snapshot, _started_versions(row, request)) if row.progress else {}
    return await _result(request, row, LiveGuides(snapshot, pinned))


async def _read(request: BootRequest) -> BootRow:
    identity = request.identity
    column, value = ("external_id", identity.person) if identity.person is not None else ("anonymous_id", identity.anonymous)
    row = await batched_rows(sql("delivery.boot").replace("{identity}", column), identity=value, public_key=request.public_key)
    if not row:
        raise unknown_environment()
    return BootRow.from_sql(row)


async def _record_connection(row: BootRow, request: BootRequest) -> None:
    """Store when and where the embed was last seen, for the install page; at most every 30 seconds."""
    is_first_person = request.identity.person is not None and not row.has_identified
    if row.last_boot_at is not None and request.now - row.last_boot_at < CONNECTION_INTERVAL and not is_first_person:
        return
    columns: dict[str, Any] = {"last_boot_at": request.now, "last_boot_url": request.page_url[:URL_LENGTH], "last_refused_origin": ""}
    if is_first_person:
        columns["has_identified"] = True
    try:
        await Environment.filter(id=row.environment_id).update(**columns)
    except OperationalError as error:
        log.warning("the connection could not be recorded: %s", error)


def _started_versions(row: BootRow, request: BootRequest) -> dict[str, int]:
    """The version of each guide that this person is in the middle of, by guide id."""
    return {
        guide_id: progress.version
        for guide_id, progress in row.progress.items()
        if guide_id != request.requested_guide and progress.is_in_progress(request.now)
    }


async def _result(request: BootRequest, row: BootRow, live: LiveGuides) -> BootResult:
    person = replace(row.person, id=request.identity.person) if row.person else Person(request.identity.person, {})
    attributes = person.attributes
    facts = Facts(person=attributes, company=person.company, segments=frozenset(), now=request.now)
    deliveries = [] if row.is_disabled else await _with_company(row, list(_deliveries(request, row, live, facts)))
    listings = list_guides(live.snapshot, facts) if any(lists_guides(delivery.guide) for delivery in deliveries) else {}
    visit = Visit(person, request.locale, request.page_url, listings)
    encoded = (encode_guide(delivery, visit, request.now) for delivery in deliveries)
    used = {name for delivery in deliveries for name in delivery.guide.used_attributes}
    return BootResult(
        revision=live.snapshot.revision,
        is_disabled=row.is_disabled,
        person={
            "id": request.identity.person,
            "verified": False,
            "attributes": {name: attributes[name] for name in used if name in attributes},
        },
        theme=live.snapshot.theme,
        guides=[guide for guide in encoded if guide is not None],
        kinds=frozenset(delivery.guide.kind.slug for delivery in deliveries),
        effects=_effects({delivery.guide.kind for delivery in deliveries}),
        listings=listing_json(listings),
    )


async def _with_company(row: BootRow, deliveries: list[Delivery]) -> list[Delivery]:
    """The deliveries, with what others of the company have done where progress is shared; a query only if any is."""
    company = row.person.company_id if row.person else None
    shared = {delivery.guide.guide_id for delivery in deliveries if delivery.guide.scope is Scope.COMPANY}
    if not shared or company is None:
        return deliveries
    done = await done_by_company(row.environment_id, company, shared)
    return [replace(delivery, done_by_company=done.get(delivery.guide.guide_id, frozenset())) for delivery in deliveries]


def _effects(kinds: Iterable[Kind]) -> dict[str, dict[str, str]]:
    """By kind and event what an event does to progress, those without an effect left out."""
    effects = {kind.slug: {name: effect.value for name, effect in kind.events.items() if effect is not Effect.NOTED} for kind in kinds}
    return {slug: events for slug, events in effects.items() if events}


def _deliveries(request: BootRequest, row: BootRow, live: LiveGuides, facts: Facts) -> Iterator[Delivery]:
    """The guides this person gets, in order, each with what is left of its rule."""
    for guide in _candidates(request, live, facts):
        progress = row.progress.get(guide.guide_id)
        if guide.guide_id == request.requested_guide:
            yield Delivery(guide, True, progress)
            continue
        if progress and guide.start != "manual" and progress.is_suppressed(guide.frequency, guide.repeat_after_days, request.now):
            continue
        if guide.guide_id in live.pinned:
            rule, live_version = evaluate(guide.rule, facts), live.snapshot.by_guide[guide.guide_id].version
            if rule is not False:
                yield Delivery(guide, rule, progress, live_version)
        elif guide.prefiltered_rule is not None:
            yield Delivery(guide, guide.prefiltered_rule, progress, is_prefiltered=True)
        elif (rule := evaluate(guide.rule, facts)) is not False:
            yield Delivery(guide, rule, progress)


def _candidates(request: BootRequest, live: LiveGuides, facts: Facts) -> Sequence[CompiledGuide]:
    """In order: guides whose rule may hold for this person, versions they have started, and the guide that was requested."""
    snapshot, pinned = live.snapshot, live.pinned
    positions = snapshot.prefilter.candidates(facts.person or {}, facts.company or {})
    candidates = [guide for position in positions if (guide := snapshot.guides[position]).guide_id not in pinned]
    if pinned:
        candidates = by_priority([*candidates, *pinned.values()])
    requested = snapshot.by_guide.get(request.requested_guide or "")
    return candidates if requested is None or requested in candidates else [*candidates, requested]
