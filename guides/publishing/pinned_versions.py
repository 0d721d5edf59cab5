"""Versions that are no longer live and that somebody is still in the middle of: who began one finishes it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from tortoise.expressions import Q

from guides.models import Version
from guides.publishing.compiled import Entry, Published, entry_of

VERSIONS_KEPT = 500


class Named(NamedTuple):
    """One version by its guide and number; it never changes again."""

    guide: str
    number: int


_kept: OrderedDict[Named, Entry | None] = OrderedDict()


async def begun(live: Published, running: Mapping[str, int]) -> Mapping[str, Entry]:
    """For each guide somebody runs in another version than the live one that version, by guide.

    A guide that is not live is left out, and one whose version is gone or no longer loads. One query for all that are not kept.
    """
    other = [Named(guide, number) for guide, number in running.items() if guide in live.by_guide and live.by_guide[guide].version != number]
    if not other:
        return {}
    found = {named: _kept[named] for named in other if named in _kept}
    if missing := [named for named in other if named not in found]:
        found |= await _load(live, missing)
    for named, entry in found.items():
        _kept[named] = entry
        _kept.move_to_end(named)
    while len(_kept) > VERSIONS_KEPT:
        _kept.popitem(last=False)
    return {named.guide: entry for named, entry in found.items() if entry is not None}


async def _load(live: Published, missing: list[Named]) -> dict[Named, Entry | None]:
    """What is stored of these; a number that somebody made up is not kept, it may be given to a version one day."""
    wanted = Q(*(Q(guide_id=UUID(named.guide), number=named.number) for named in missing), join_type="OR")
    return {
        Named(str(version.guide_id), version.number): entry_of(version, live.ever[str(version.guide_id)])
        for version in await Version.filter(wanted)
    }
