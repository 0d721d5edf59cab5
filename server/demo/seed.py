"""The demo project: what a fresh installation shows, made by the same verbs as everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guides.accounts.members import DEMO_PROJECT
from guides.models import Environment, Guide, Project
from guides.projects import projects
from guides.publishing import drafts as authoring
from guides.publishing import publish as publishing

CONTENT = Path(__file__).parent / "content.json"


async def fill(content: Path = CONTENT) -> Project:
    """Make what is missing of the demo project; what is there already stays as it is, so it can be done again."""
    wanted = json.loads(content.read_text(encoding="utf-8"))
    project = await Project.get_or_none(slug=DEMO_PROJECT)
    if project is None:
        project = await projects.create_project(wanted["project"]["name"], slug=DEMO_PROJECT)
    production = await production_of(project)
    for guide in wanted["guides"]:
        if not await Guide.filter(project=project, name=guide["name"]).exists():
            await _add(project, production, guide)
    return project


async def fill_if_fresh() -> Project | None:
    """The demo project on an installation that has no project at all, else the one that is there, if any."""
    if await Project.all().exists():
        return await Project.get_or_none(slug=DEMO_PROJECT)
    return await fill()


async def production_of(project: Project) -> Environment:
    """Where the demo app runs."""
    return await Environment.get(project=project, is_production=True)


async def _add(project: Project, production: Environment, wanted: dict[str, Any]) -> None:
    settings = {name: wanted[name] for name in authoring.SETTINGS if name in wanted}
    guide = await authoring.create(project, wanted["kind"], wanted["name"], None, draft=wanted["body"], settings=settings)
    if wanted["published"]:
        await publishing.publish(guide, production, None)
