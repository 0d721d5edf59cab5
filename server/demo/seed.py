"""The demo project of a fresh installation, created by the same functions as everything else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guides.accounts.members import DEMO_PROJECT
from guides.models import Environment, Guide, Project
from guides.projects import projects
from guides.publishing import drafts, publish

CONTENT = Path(__file__).parent / "content.json"


async def fill(file: Path = CONTENT) -> Project:
    """Creates what is missing of the demo project; changes nothing that exists."""
    content = json.loads(file.read_text(encoding="utf-8"))
    project = await Project.get_or_none(slug=DEMO_PROJECT)
    if project is None:
        project = await projects.create_project(content["project"]["name"], slug=DEMO_PROJECT)
    production = await get_production(project)
    for guide in content["guides"]:
        if not await Guide.filter(project=project, name=guide["name"]).exists():
            await _add(project, production, guide)
    return project


async def fill_if_empty() -> Project | None:
    """Fills the demo project when there is no project at all; returns the demo project, if any."""
    if await Project.all().exists():
        return await Project.get_or_none(slug=DEMO_PROJECT)
    return await fill()


async def get_production(project: Project) -> Environment:
    """Returns the production environment."""
    return await Environment.get(project=project, is_production=True)


async def _add(project: Project, production: Environment, content: dict[str, Any]) -> None:
    settings = {name: content[name] for name in drafts.DEFAULT_SETTINGS if name in content}
    guide = await drafts.create(project, content["kind"], content["name"], None, draft=content["body"], settings=settings)
    if content["published"]:
        await publish.publish(guide, production, None)
