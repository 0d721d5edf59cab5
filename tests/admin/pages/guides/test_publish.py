"""Publishing: what is wrong is said with the way to it, what is fine goes live where it was meant to."""

from __future__ import annotations

import re

import httpx2

from guides.models import Environment, Guide, Member, Publication
from guides.people.identify import Identity, identify
from guides.publishing import drafts

HTMX = {"HX-Request": "true"}


def place(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


async def live(guide: Guide) -> list[str]:
    """The environments it is live in."""
    return [one.environment.slug for one in await Publication.filter(guide=guide, ended_at=None).select_related("environment")]


async def test_the_dialog_says_what_is_in_order(as_editor: httpx2.AsyncClient, guide: Guide, production: Environment) -> None:
    await identify(production.id, Identity(person="1", attributes={"plan": "trial"}))
    dialog = (await as_editor.get(place(guide, "publish"), headers=HTMX)).text
    assert "<html" not in dialog and "Nothing is missing" in dialog and "1 of 1 people now" in dialog
    assert "<html" in (await as_editor.get(place(guide, "publish"))).text


async def test_publishing_makes_it_live_with_its_note(as_editor: httpx2.AsyncClient, guide: Guide, production: Environment) -> None:
    answer = await as_editor.post(place(guide, "publish"), data={"environment": production.slug, "note": "First words"})
    assert answer.status_code == 303 and await live(guide) == [production.slug]
    page = (await as_editor.get(place(guide, "versions"))).text
    assert "First words" in page and "Live in Production" in page


async def test_it_goes_live_where_it_was_meant_to(
    as_editor: httpx2.AsyncClient, guide: Guide, production: Environment, staging: Environment
) -> None:
    answer = await as_editor.post(place(guide, "publish"), data={"environment": staging.slug})
    assert await live(guide) == [staging.slug] and "/staging/guides/" in answer.headers["location"]
    assert "Draft" in (await as_editor.get(place(guide))).text


async def test_an_unready_draft_is_kept_back_and_each_problem_leads_to_its_field(
    as_editor: httpx2.AsyncClient, guide: Guide, editor: Member
) -> None:
    draft = {**guide.draft, "steps": [{**guide.draft["steps"][0], "key": "one", "title": "", "layout": "popover"}]}
    await drafts.save_draft(guide, revision=guide.revision, by=editor, draft=draft)
    answer = await as_editor.post(place(guide, "publish"), data={}, headers=HTMX)
    assert answer.status_code == 422 and await live(guide) == []
    assert "Step 1 · Title" in answer.text and 'type="submit"' not in answer.text
    fixes = re.findall(r'href="([^"]+)" data-fixes', answer.text)
    assert f"{place(guide)}?part=one#f-steps-0-title" in fixes
    page = (await as_editor.get(place(guide) + "?part=one")).text
    assert 'id="f-steps-0-title"' in page and 'id="f-steps-0-target"' in page


async def test_an_audience_nobody_matches_is_worth_a_warning(
    as_editor: httpx2.AsyncClient, guide: Guide, production: Environment, editor: Member
) -> None:
    await identify(production.id, Identity(person="1", attributes={"plan": "pro"}))
    rule = {"attribute": {"of": "person", "name": "plan", "op": "is", "value": "trial"}}
    await drafts.save_draft(guide, revision=guide.revision, by=editor, settings={**guide.settings, "audience": rule})
    dialog = (await as_editor.get(place(guide, "publish"), headers=HTMX)).text
    assert "Nobody matches the audience now" in dialog and "Publish with 1 warning" in dialog


async def test_what_changed_since_the_live_version_is_shown(as_editor: httpx2.AsyncClient, guide: Guide, editor: Member) -> None:
    await as_editor.post(place(guide, "publish"))
    draft = {**guide.draft, "steps": [{**guide.draft["steps"][0], "title": "Better words"}]}
    await drafts.save_draft(guide, revision=guide.revision, by=editor, draft=draft)
    assert "Publish 1 change" in (await as_editor.get(place(guide))).text
    dialog = (await as_editor.get(place(guide, "publish"), headers=HTMX)).text
    assert "See the change" in dialog and "Better words" in dialog and "Step 1 · Title" in dialog


async def test_unpublishing_takes_it_off_the_air(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await as_editor.post(place(guide, "publish"))
    await as_editor.post(place(guide, "retire"))
    assert await live(guide) == [] and "Ended" in (await as_editor.get(place(guide))).text


async def test_viewers_publish_nothing(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    assert (await as_viewer.get(place(guide, "publish"))).status_code == 403
    for path in ("publish", "retire"):
        assert (await as_viewer.post(place(guide, path))).status_code == 403


async def test_an_environment_that_is_not_there_is_not_taken_for_production(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await as_editor.post(place(guide, "publish"), data={"environment": "stagin"})
    assert answer.status_code == 404
    assert await live(guide) == []
