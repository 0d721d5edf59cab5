"""What browser tests arrange behind the pages, by the verbs of the domain: members, tours, people's environments."""

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
from tests.browser.live_server import Site, served
from tests.conftest import make_member

KIND = "tour"


@contextmanager
def fresh(folder: Path) -> Iterator[Site]:
    """A server of a module's own, so that what its tests leave behind is nobody else's."""
    (folder / "packages").mkdir()
    with served(folder, folder / "packages") as running:
        yield running


@contextmanager
def quiet(folder: Path) -> Iterator[Site]:
    """A server of one's own with the demo app, and no tour but the test's."""
    with fresh(folder) as running:
        running.arrange(quiet_demo)
        yield running


async def demo() -> Project:
    """The project of the demo app."""
    return await Project.get(slug=DEMO_PROJECT)


async def production() -> Environment:
    """Where the demo app runs."""
    return await Environment.get(project=await demo(), is_production=True)


def cast(*roles: Role) -> Callable[[], Awaitable[None]]:
    """Members of the demo project named after their roles: owner@example.com and so on."""

    async def joined() -> None:
        project = await demo()
        for role in roles:
            email = f"{role.value}@example.com"
            member = await Member.get_or_none(email=email) or await make_member(role.value)
            await members.grant(project, member, role)

    return joined


def doc(*paragraphs: str) -> dict[str, Any]:
    """Rich text of plain paragraphs."""
    return {"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": words}]} for words in paragraphs]}


def button(label: str, do: str = "next", **action: Any) -> dict[str, Any]:
    """One button of a step."""
    return {"key": label.lower().replace(" ", "_")[:40], "label": label, "look": "main", "action": {"do": do, **action}}


def step(key: str, layout: str = "modal", target: str = "", **more: Any) -> dict[str, Any]:
    """One step; its title is its key unless said, its target a name."""
    aim = {"by": "name", "value": target, "label": ""} if target else None
    said = {"title": key.capitalize(), "text": doc(f"About {key}."), "buttons": [button("Next")]}
    return {"key": key, "layout": layout, "target": aim, **said, **more}


def live(
    name: str, *steps: dict[str, Any], page: str, progress: str = "dots", whole: dict[str, Any] | None = None, **settings: Any
) -> Callable[[], Awaitable[Guide]]:
    """A published tour of these steps that starts on one page of the demo app; `whole` is said of the tour as a whole."""

    async def published() -> Guide:
        draft = {"steps": list(steps), "progress": progress, **(whole or {})}
        settings_ = {"trigger": {"page": page} if page else None, **settings}
        guide = await drafts.create(await demo(), KIND, name, None, draft=draft, settings=settings_)
        await publish(guide, await production(), None)
        return guide

    return published


def rewritten(guide: Guide, *steps: dict[str, Any]) -> Callable[[], Awaitable[None]]:
    """A live tour gets a new version of these steps."""

    async def published() -> None:
        stored = await Guide.get(id=guide.id)
        await drafts.save_draft(stored, revision=stored.revision, by=None, draft={**stored.draft, "steps": list(steps)})
        await publish(stored, await production(), None)

    return published


def draft(name: str, *steps: dict[str, Any], **settings: Any) -> Callable[[], Awaitable[Guide]]:
    """The same, not published."""

    async def created() -> Guide:
        return await drafts.create(await demo(), KIND, name, None, draft={"steps": list(steps), "progress": "dots"}, settings=settings)

    return created


def events_of(guide: Guide) -> Callable[[], Awaitable[list[tuple[str, str | None]]]]:
    """What the server keeps of a guide: names and items in their order."""

    async def kept() -> list[tuple[str, str | None]]:
        return [(event.name, event.item) for event in await Event.filter(guide_id=guide.id).order_by("id")]

    return kept


async def quiet_demo() -> None:
    """Take the tours that come with the demo off the air, so that only the test's own show."""
    environment = await production()
    for guide in await Guide.filter(project=await demo(), publications__ended_at=None, publications__environment=environment).distinct():
        await unpublish(guide, environment, None)
