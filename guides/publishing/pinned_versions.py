"""Versions that are no longer live but that somebody has started: a person finishes the version they started."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from tortoise.expressions import Q

from guides.models import Version
from guides.publishing.compiled import CompiledGuide, EnvironmentSnapshot, compile_version

MAX_VERSIONS = 500


class VersionRef(NamedTuple):
    """One published version by its guide and number; its content never changes."""

    guide_id: str
    number: int


_cache: OrderedDict[VersionRef, CompiledGuide | None] = OrderedDict()


async def pinned_versions(snapshot: EnvironmentSnapshot, started: Mapping[str, int]) -> Mapping[str, CompiledGuide]:
    """By guide id, the version the person started where another one is live now; `started` has its number by guide id.

    Leaves out guides that are not live, and versions that are gone or no longer load. One query for all that are not cached.
    """
    refs = [VersionRef(guide_id, number) for guide_id, number in started.items() if _is_superseded(snapshot, guide_id, number)]
    if not refs:
        return {}
    versions = {ref: _cache[ref] for ref in refs if ref in _cache}
    if missing := [ref for ref in refs if ref not in versions]:
        versions |= await _load(snapshot, missing)
    for ref, compiled in versions.items():
        _cache[ref] = compiled
        _cache.move_to_end(ref)
    while len(_cache) > MAX_VERSIONS:
        _cache.popitem(last=False)
    return {ref.guide_id: compiled for ref, compiled in versions.items() if compiled is not None}


def _is_superseded(snapshot: EnvironmentSnapshot, guide_id: str, number: int) -> bool:
    live = snapshot.by_guide.get(guide_id)
    return live is not None and live.version != number


async def _load(snapshot: EnvironmentSnapshot, missing: list[VersionRef]) -> dict[VersionRef, CompiledGuide | None]:
    """The stored ones of these; a number that was made up is not cached, for a later version may get it."""
    condition = Q(*(Q(guide_id=UUID(ref.guide_id), number=ref.number) for ref in missing), join_type="OR")
    return {
        VersionRef(str(version.guide_id), version.number): compile_version(version, snapshot.known_guides[str(version.guide_id)])
        for version in await Version.filter(condition)
    }
