"""A kind from another package goes all the way: published here, drawn on the host page, counted in the end."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest
from playwright.sync_api import Page, expect

from guides.models import Environment, Event, Guide, Project
from guides.publishing import drafts
from guides.publishing.publish import publish, unpublish
from guides.registry import BUILT_IN, GROUP, _load_kinds
from tests.browser.live_server import Site


@pytest.fixture(autouse=True)
def poll_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has the package installed; what this process arranges must know it too."""
    found = _load_kinds(BUILT_IN, [EntryPoint("poll", "acme_poll:kind", GROUP)])
    monkeypatch.setattr("guides.registry.kinds", lambda: found)


async def _publish() -> Guide:
    project = await Project.all().order_by("created_at").first()
    assert project
    guide = await drafts.create(project, "poll", "What did you come for?", None, settings={"audience": {"page": "/reports"}})
    await publish(guide, await Environment.get(project=project, is_production=True), None)
    return guide


async def _retire(guide: Guide) -> None:
    await unpublish(guide, await Environment.get(project_id=guide.project_id, is_production=True), None)


async def _names(guide: Guide) -> list[tuple[str, str | None]]:
    return [(event.name, event.item) for event in await Event.filter(guide_id=guide.id).order_by("id")]


def test_a_poll_is_shown_answered_and_counted(page: Page, site: Site) -> None:
    guide = site.run(_publish)
    try:
        page.goto(f"{site.demo}/reports")
        poll = page.get_by_role("dialog", name="Did you find what you came for?")
        expect(poll).to_be_visible()
        with page.expect_response(f"{site.url}/embed/v1/events") as sent:
            poll.get_by_role("button", name="Yes").click()
        assert sent.value.status == 202
        expect(poll).to_be_hidden()
        assert ("voted", "yes") in site.run(lambda: _names(guide))
    finally:
        site.run(lambda: _retire(guide))
