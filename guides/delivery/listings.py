"""Which guides may be listed in others: those whose kind is listed and whose audience this person may belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guides.kind import Capability, Listing
from guides.publishing.compiled import CompiledGuide, EnvironmentSnapshot
from guides.rules.evaluate import Facts, evaluate


def list_guides(snapshot: EnvironmentSnapshot, facts: Facts) -> dict[str, Listing]:
    """Returns the listings by guide id, most important first; a rule that only the browser can answer does not hide a guide."""
    return {
        guide.guide_id: guide.listing for guide in snapshot.guides if guide.listing is not None and evaluate(guide.rule, facts) is not False
    }


def lists_guides(guide: CompiledGuide) -> bool:
    """Whether the guide's renderer lists other guides."""
    return Capability.LISTS in guide.kind.capabilities


def listing_json(listings: Mapping[str, Listing]) -> dict[str, dict[str, Any]]:
    """Returns the listings as the embed reads them; what is empty is left out."""
    return {guide_id: {name: value for name, value in _members(listing) if value} for guide_id, listing in listings.items()}


def _members(listing: Listing) -> list[tuple[str, Any]]:
    return [("title", listing.title), ("summary", listing.summary), ("image", listing.image), ("at", listing.at)]
