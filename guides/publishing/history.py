"""Lists what was saved and published of a guide, and what is live in an environment."""

from __future__ import annotations

from uuid import UUID

from guides.models import DraftSave, Environment, Guide, Publication, Version
from guides.publishing.drafts import MAX_SAVES

MAX_PUBLICATIONS = 200


async def list_live_publications(environment: Environment) -> dict[UUID, Publication]:
    """The live publication of each guide in the environment by guide id, each with its version."""
    live = await Publication.filter(environment=environment, ended_at=None).select_related("version")
    return {publication.guide_id: publication for publication in live}


async def list_versions(guide: Guide) -> list[Version]:
    """Every version of the guide, newest first, with the member who published it."""
    return await Version.filter(guide=guide).order_by("-number").prefetch_related("created_by")


async def list_publications(guide: Guide) -> list[Publication]:
    """The latest 200 publications of the guide in all environments, newest first."""
    publications = Publication.filter(guide=guide).order_by("-started_at")
    return await publications.select_related("version", "environment").limit(MAX_PUBLICATIONS)


async def list_saves(guide: Guide) -> list[DraftSave]:
    """The saves of the draft that undo can reach, newest first, with the member who made them."""
    return await DraftSave.filter(guide=guide).order_by("-revision").limit(MAX_SAVES).prefetch_related("saved_by")
