"""What people type is text on every page: never an element, never an attribute that htmx would act on, never a broken page."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest

from admin.routes import ROUTES
from admin.web.templating import templates
from guides.accounts import members
from guides.ids import uuid7
from guides.kind import Problem
from guides.models import Environment, Member, Project, Role
from guides.projects import projects
from guides.publishing import drafts
from tests.admin.test_access import address
from tests.conftest import MakeGuide

HOSTILE = """a"b'c&amp;%s%(x)s{{7*7}}<img src=x onerror=x hx-post=/admin/acme/retire hx-trigger=load>"""
TARGET = {"by": "css", "value": HOSTILE, "label": HOSTILE}
DRAFT = {
    "steps": [
        {"key": "one", "layout": "popover", "title": "", "target": TARGET, "text": HOSTILE, "page": HOSTILE, "corner": HOSTILE},
        {"key": HOSTILE, "title": HOSTILE, "layout": HOSTILE, "buttons": [{"key": "b", "label": HOSTILE, "action": {"do": HOSTILE}}]},
        {"key": "two", "title": "", "buttons": [{"key": "c", "label": "x", "action": {"do": "open", "url": HOSTILE}}], HOSTILE: HOSTILE},
    ],
    "progress": HOSTILE,
}
ASKED = {"attribute": {"of": "person", "name": HOSTILE, "op": "is", "value": HOSTILE}}


def is_text(page: str) -> bool:
    """The hostile words made no element and left no attribute."""
    return "<img src=x" not in page and "a\"b'c" not in page


@pytest.mark.parametrize(
    "asked", [{"audience": ASKED, "trigger": {"page": HOSTILE}}, {"audience": {HOSTILE: HOSTILE}, "frequency": HOSTILE}]
)
async def test_hostile_words_in_a_guide_are_text_on_every_page(
    as_owner: httpx2.AsyncClient, make_guide: MakeGuide, asked: dict[str, Any]
) -> None:
    guide = await make_guide(name=HOSTILE, draft=DRAFT, **asked)
    for page in ROUTES:
        if page.methods[0] == "GET" and page.is_in_project:
            for at in (address(page, guide), address(page, guide) + "?part=one&q=" + HOSTILE.replace("&", "%26")):
                answer = await as_owner.get(at)
                assert answer.status_code < 500 and is_text(answer.text), (page.name, at)
    assert "&lt;img src=x" in (await as_owner.get(f"/admin/acme/guides/{guide.id}")).text


async def test_hostile_names_of_people_and_places_are_text_on_every_page(
    as_owner: httpx2.AsyncClient, project: Project, production: Environment, editor: Member, make_guide: MakeGuide
) -> None:
    words = HOSTILE[:60].rpartition("<")[0] + "<b hx-get=/admin>"
    guide = await make_guide(live_in=production)
    await members.change_profile(editor, name=words, locale="", color_scheme="auto")
    await projects.rename_project(project, words)
    await projects.create_environment(project, words)
    await members.invite(project, "new@example.com", Role.VIEWER, await Member.get(email="owner@example.com"))
    await drafts.save_draft(guide, revision=guide.revision, by=editor, name=words)
    said = {
        "environment": production.public_key,
        "person": {"id": HOSTILE, "attributes": {"name": HOSTILE, "email": HOSTILE, HOSTILE[:40]: HOSTILE}},
    }
    seen = {"id": str(uuid7()), "name": "shown", "guide": str(guide.id), "version": 1, "item": "x"}
    end = {"id": str(uuid7()), "name": "dismissed", "guide": str(guide.id), "version": 1, "props": {"reason": "<b hx-get=/admin>"}}
    boot = await as_owner.post("/embed/v1/boot", content=json.dumps({**said, "page": {"url": "javascript:" + HOSTILE}}))
    sent = await as_owner.post("/embed/v1/events", content=json.dumps({**said, "events": [seen, end]}))
    assert (boot.status_code, sent.status_code, sent.json()["accepted"]) == (200, 202, 2)
    for page in ROUTES:
        if page.methods[0] == "GET":
            answer = await as_owner.get(address(page, guide))
            assert answer.status_code < 500 and is_text(answer.text) and "<b hx-get" not in answer.text, page.name
            assert 'href="javascript:' not in answer.text, page.name


@pytest.mark.parametrize("words", ["<img src=x>", "100%", "%(name)s", "50%s", "a & b"])
def test_a_message_that_is_not_written_in_a_template_is_text_when_translated(words: str) -> None:
    drawn = templates().from_string("{{ _(said.message) }}").render(said=Problem((), words))
    assert drawn == words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_a_message_of_a_template_still_takes_its_values() -> None:
    drawn = templates().from_string("{{ _('%(share)s%% of “%(name)s”', share=5, name=name) }}").render(name="<b>")
    assert drawn == "5% of “&lt;b&gt;”"


async def test_htmx_is_told_on_every_page_to_stay_at_home(
    as_owner: httpx2.AsyncClient, web: httpx2.AsyncClient, make_guide: MakeGuide
) -> None:
    guide = await make_guide()
    told = '{"includeIndicatorCSS":false,"mode":"same-origin","noSwap":[204,304,"5xx"]}'
    for browser in (as_owner, web):
        for page in ROUTES:
            answer = await browser.get(address(page, guide)) if page.methods[0] == "GET" else await browser.get("/admin/nowhere")
            if "htmx.min.js" in answer.text:
                assert f"content='{told}'" in answer.text, page.name
                assert "<script>" not in answer.text and " style=" not in answer.text and " onclick" not in answer.text, page.name
