"""Data for browser tests, created by the domain's functions: members, tours, environments."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from guides.accounts import members
from guides.accounts.members import DEMO_PROJECT
from guides.models import Environment, Event, Guide, Member, Project, Role
from guides.publishing import drafts
from guides.publishing.publish import publish, unpublish
from tests.browser.live_server import Site, serve
from tests.conftest import make_member

KIND = "tour"


@contextmanager
def serve_fresh(folder: Path) -> Iterator[Site]:
    """Serves the product for one module, with a database of its own."""
    (folder / "packages").mkdir()
    with serve(folder, folder / "packages") as running:
        yield running


@contextmanager
def serve_without_demo_tours(folder: Path) -> Iterator[Site]:
    """Serves the product and the demo app for one module; no demo tour is published."""
    with serve_fresh(folder) as running:
        running.run(unpublish_demo_tours)
        yield running


async def demo() -> Project:
    """Returns the demo project."""
    return await Project.get(slug=DEMO_PROJECT)


async def production() -> Environment:
    """Returns the environment of the demo app."""
    return await Environment.get(project=await demo(), is_production=True)


def cast(*roles: Role) -> Callable[[], Awaitable[None]]:
    """Returns a function that creates members of the demo project named after their roles: owner@example.com and so on."""

    async def joined() -> None:
        project = await demo()
        for role in roles:
            email = f"{role.value}@example.com"
            member = await Member.get_or_none(email=email) or await make_member(role.value)
            await members.add_to_project(project, member, role)

    return joined


def doc(*paragraphs: str) -> dict[str, Any]:
    """Builds rich text of plain paragraphs."""
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]} for words in paragraphs]}


def button(label: str, do: str = "next", **action: Any) -> dict[str, Any]:
    """Builds one button of a step."""
    return {"key": label.lower().replace(" ", "_")[:40], "label": label, "look": "main", "action": {"do": do, **action}}


def step(key: str, layout: str = "modal", target: str = "", **more: Any) -> dict[str, Any]:
    """Builds one step; its title is its key unless given, its target a name."""
    aim = {"by": "name", "value": target, "label": ""} if target else None
    said = {"title": key.capitalize(), "text": doc(f"About {key}."), "buttons": [button("Next")]}
    return {"key": key, "layout": layout, "target": aim, **said, **more}


def live(
    name: str, *steps: dict[str, Any], page: str, progress: str = "dots", whole: dict[str, Any] | None = None, **settings: Any
) -> Callable[[], Awaitable[Guide]]:
    """Returns a function that publishes a tour of these steps, which starts on one page; `whole` holds other fields of the body."""

    async def published() -> Guide:
        draft = {"steps": list(steps), "progress": progress, **(whole or {})}
        settings_ = {"trigger": {"page": page} if page else None, **settings}
        guide = await drafts.create(await demo(), KIND, name, None, draft=draft, settings=settings_)
        await publish(guide, await production(), None)
        return guide

    return published


def publish_new_version(guide: Guide, *steps: dict[str, Any]) -> Callable[[], Awaitable[None]]:
    """Returns a function that publishes a new version of a tour with these steps."""

    async def published() -> None:
        stored = await Guide.get(id=guide.id)
        await drafts.save_draft(stored, revision=stored.revision, by=None, draft={**stored.draft, "steps": list(steps)})
        await publish(stored, await production(), None)

    return published


def draft(name: str, *steps: dict[str, Any], **settings: Any) -> Callable[[], Awaitable[Guide]]:
    """Returns a function that creates a tour without publishing it."""

    async def created() -> Guide:
        return await drafts.create(await demo(), KIND, name, None, draft={"steps": list(steps), "progress": "dots"}, settings=settings)

    return created


def events_of(guide: Guide) -> Callable[[], Awaitable[list[tuple[str, str | None]]]]:
    """Returns a function that lists the stored events of a guide: (name, item)."""

    async def kept() -> list[tuple[str, str | None]]:
        return [(event.name, event.item) for event in await Event.filter(guide_id=guide.id).order_by("id")]

    return kept


async def unpublish_demo_tours() -> None:
    """Unpublishes the demo tours, so that only the test's own show."""
    environment = await production()
    for guide in await Guide.filter(project=await demo(), publications__ended_at=None, publications__environment=environment).distinct():
        await unpublish(guide, environment, None)
