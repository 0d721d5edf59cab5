"""What is live in an environment, compiled once per revision and cached in the process."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from guides.fields.content_conditions import ALWAYS, NEVER, rule_paths
from guides.kind import Body, Capability, Goal, Item, Kind, Listing, Path, Person, Scope, Visit
from guides.models import Environment, Guide, Publication, Theme, Version
from guides.projects import environment_cache
from guides.publishing.digests import canonical_json
from guides.publishing.guide_settings import GuideSettings
from guides.publishing.preload import preload_chunks
from guides.registry import kind_named, kinds
from guides.rules.evaluate import Facts, Rule, evaluate, is_for_browser
from guides.rules.prefilter import Prefilter, without_required_value

log = logging.getLogger(__name__)

MAX_ENVIRONMENTS = 500


@dataclass(frozen=True, slots=True)
class CompiledGuide:
    """One live guide, ready to be delivered; what is the same for all people is encoded as JSON.

    `json_prefix` is the guide's JSON object up to what differs per person, without the closing brace. `body_digest` names
    a body the browser may fetch later; None where each person gets their own, and where the kind has gained fields since
    the version was published. `used_attributes` are the person's attributes that the body's texts show.
    `prefiltered_rule` is what is left of the rule for everybody the prefilter finds (True: nothing), and `prefiltered_json` the
    guide's JSON up to the person's progress; None where they depend on more of the person.
    """

    guide_id: str
    version: int
    kind: Kind
    body: Body
    rule: Rule | None
    frequency: str
    repeat_after_days: int | None
    start: str
    priority: int
    json_prefix: bytes
    body_json: bytes
    body_digest: str | None
    body_hash_json: bytes
    prefiltered_rule: bool | Rule | None
    prefiltered_json: bytes | None
    per_person: bool
    rule_paths: tuple[Path, ...]
    used_attributes: frozenset[str]
    goals: tuple[Goal, ...] = ()
    scope: Scope = Scope.PERSON
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class EnvironmentSnapshot:
    """What is live in one environment at one revision, most important first.

    `known_guides` has the kind of every guide that was ever live there, by guide id.
    """

    revision: int
    guides: tuple[CompiledGuide, ...]
    by_guide: Mapping[str, CompiledGuide]
    known_guides: Mapping[str, str]
    theme: Mapping[str, Any]
    prefilter: Prefilter


_DIGEST = re.compile(r"[0-9a-f]{64}")
_snapshots: OrderedDict[UUID, EnvironmentSnapshot] = OrderedDict()
_loading: dict[UUID, asyncio.Lock] = {}


async def get_snapshot(environment_id: UUID, project_id: UUID, revision: int) -> EnvironmentSnapshot:
    """What is live at that revision or a later one; loaded by one task while the others wait."""
    if (snapshot := _find_cached(environment_id, revision)) is not None:
        return snapshot
    async with _loading.setdefault(environment_id, asyncio.Lock()):
        snapshot = _find_cached(environment_id, revision)
        if snapshot is None:
            snapshot = _snapshots[environment_id] = await _load(environment_id, project_id)
            _snapshots.move_to_end(environment_id)
            while len(_snapshots) > MAX_ENVIRONMENTS:
                _loading.pop(_snapshots.popitem(last=False)[0], None)
    return snapshot


def clear_cache() -> None:
    """Drop every snapshot and cached environment: for a process that changes its database."""
    _snapshots.clear()
    _loading.clear()
    environment_cache.forget()


async def find_body(digest: str) -> bytes | None:
    """The published body of that digest as JSON, whichever environment it is live in; None when there is none."""
    if not _DIGEST.fullmatch(digest):
        return None
    for snapshot in _snapshots.values():
        for guide in snapshot.guides:
            if guide.body_digest == digest:
                return guide.body_json
    version = await Version.filter(body_digest=digest).prefetch_related("guide").first()
    kind = kinds().get(version.guide.kind) if version else None
    if version is None or kind is None or kind.personal:
        return None
    return canonical_json(version.body)


def by_priority(guides: Iterable[CompiledGuide]) -> list[CompiledGuide]:
    """The guides, most important first; guides of equal priority by id."""
    return sorted(guides, key=lambda guide: (-guide.priority, guide.guide_id))


def compile_version(version: Version, kind_slug: str) -> CompiledGuide | None:
    """A published version, ready to be delivered; None, and a log line, when its kind is gone or its body no longer loads."""
    try:
        return _compile(version, kind_named(kind_slug))
    except Exception as error:
        log.error("guide %s version %s is left out: %s", version.guide_id, version.number, error)
        return None


def _compile(version: Version, kind: Kind) -> CompiledGuide:
    guide_id = str(version.guide_id)
    body = kind.Body.model_validate(version.body)
    settings = GuideSettings.model_validate(version.settings)
    paths, goals, scope = rule_paths(body), tuple(kind.goals(body)), kind.scope(body)
    per_person = kind.personal or bool(paths) or bool(goals) or scope is Scope.COMPANY
    wire = _wire(version, kind, body, settings)
    rule = _all_of(settings.audience, settings.trigger, {"triggered": guide_id} if "trigger" in wire else None)
    prefiltered_rule = _prefiltered_rule(rule)
    body_json = b"null" if kind.personal else canonical_json(kind.deliver(body, Visit(Person(None, {}))))
    body_digest = None if per_person or body_json != canonical_json(version.body) else version.body_digest
    json_prefix = orjson.dumps(wire | ({} if paths else {"items": items_json(kind.items(body))}))[:-1]
    body_hash_json = b"" if body_digest is None else b',"body_hash":"%b"' % body_digest.encode()
    prefiltered_json = None
    if prefiltered_rule is not None and not per_person:
        prefiltered_json = b"".join([json_prefix, rule_json(prefiltered_rule), b',"body":', body_json, body_hash_json])
    return CompiledGuide(
        guide_id=guide_id,
        version=version.number,
        kind=kind,
        body=body,
        rule=rule,
        frequency=settings.frequency,
        repeat_after_days=settings.repeat_after_days if settings.frequency == "every_days" else None,
        start=settings.start,
        priority=settings.priority,
        json_prefix=json_prefix,
        body_json=body_json,
        body_digest=body_digest,
        body_hash_json=body_hash_json,
        prefiltered_rule=prefiltered_rule,
        prefiltered_json=prefiltered_json,
        per_person=per_person,
        rule_paths=paths,
        used_attributes=frozenset(_used_attributes(version.body)),
        goals=goals,
        scope=scope,
        listing=kind.listing(body) if Capability.LISTED in kind.capabilities else None,
    )


def _wire(version: Version, kind: Kind, body: Body, settings: GuideSettings) -> dict[str, Any]:
    """The members of a guide's JSON object that the person has no part in, but for its body and items."""
    wire = {"id": str(version.guide_id), "version": version.number, "kind": kind.slug, "lane": kind.lane(body)}
    wire |= {"priority": settings.priority, **settings.to_wire()}
    if chunks := preload_chunks(kind, body):
        wire["preload"] = chunks
    return wire


def items_json(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The items as the embed reads them: those that can never be there are left out, `rule` is what the browser has to evaluate."""
    shown = [item for item in items if item.conditions != NEVER]
    return [{"key": item.key} | ({"rule": item.conditions} if item.conditions not in (None, ALWAYS) else {}) for item in shown]


def rule_json(rule: bool | Rule) -> bytes:
    """The member of a guide's JSON object with the rule that is left for the browser; empty when nothing is left."""
    return b"" if isinstance(rule, bool) else b',"rule":' + orjson.dumps(rule)


def _prefiltered_rule(rule: Rule | None) -> bool | Rule | None:
    """What is left of the rule for everybody the prefilter finds; None where that depends on more of the person, or never holds."""
    remainder = without_required_value(rule)
    if not is_for_browser(remainder):
        return None
    left = evaluate(remainder, Facts())
    return None if left is False else left


def _find_cached(environment_id: UUID, revision: int) -> EnvironmentSnapshot | None:
    snapshot = _snapshots.get(environment_id)
    if snapshot is None or snapshot.revision < revision:
        return None
    _snapshots.move_to_end(environment_id)
    return snapshot


async def _load(environment_id: UUID, project_id: UUID) -> EnvironmentSnapshot:
    environment = await Environment.get(id=environment_id)
    live = Publication.filter(environment_id=environment_id, ended_at=None, guide__archived_at=None)
    publications = await live.select_related("version", "guide")
    compiled = (compile_version(publication.version, publication.guide.kind) for publication in publications)
    guides = by_priority(guide for guide in compiled if guide is not None)
    kinds_by_guide = await Guide.filter(publications__environment_id=environment_id).distinct().values_list("id", "kind")
    theme = await Theme.filter(project_id=project_id, is_default=True).first()
    return EnvironmentSnapshot(
        revision=environment.revision,
        guides=tuple(guides),
        by_guide={guide.guide_id: guide for guide in guides},
        known_guides={str(guide_id): str(kind) for guide_id, kind in kinds_by_guide},
        theme={"tokens": theme.tokens, "scheme": theme.color_scheme} if theme else {},
        prefilter=Prefilter([guide.rule for guide in guides]),
    )


def _all_of(*rules: Rule | None) -> Rule | None:
    """One rule that holds when all of them do; None when there is none.

    Only the browser knows whether a guide was triggered: an embed that does not know the condition shows nothing.
    """
    present = [rule for rule in rules if rule]
    return {"all": present} if len(present) > 1 else present[0] if present else None


def _used_attributes(node: Any) -> Iterator[str]:
    """The person's attributes that texts of a body show, so that only those travel to the browser."""
    if isinstance(node, dict):
        if node.get("type") == "person":
            yield str(node.get("attribute"))
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _used_attributes(child)
