"""Forms that no page of ours sends: each is refused or stored whole, never a 5xx, and never a guide that no longer opens."""

from __future__ import annotations

from urllib.parse import quote

import httpx2

from admin.routes import ROUTES
from guides.models import Environment, Guide
from tests.admin.test_access import address

FORM = {"content-type": "application/x-www-form-urlencoded"}
TEXTS = ["a%00b", "%ED%A0%80", "9" * 5000, "-1", "1e999", "%C2%B2", "x" * 70_000, "%5B" * 5000, "%0D%0AX: 1"]
SHAPES = ['{"type":"doc","content":[{"type":"text","text":"\\u0000"}]}', '"\\ud800"', '{"all":[5]}', '{"not":{"not":5}}', '{"delay":-1}']
SHAPES += ['{"attribute":{"op":["x"]}}', '{"element":[]}', '{"scroll":1e400}', '{"n":99999999999999999999999}']
SENT = [*TEXTS, *map(quote, SHAPES)]
PLAIN = ("name", "email", "role", "label", "purpose", "host", "origins", "locale", "scheme", "note", "environment", "off", "kind")
STEP = ["key", "title", "text", "text.tree", "target.by", "target.value", "target.?", "backdrop", "buttons.[]", "buttons.0.key"]
STEP += ["buttons.0.action.do", "buttons.0.action.url"]
BODY = [f"steps.{number}.{name}" for number in ("0", "99999", "x") for name in STEP] + ["steps", "steps.[]", "progress", "a." * 40]
RULE = [f"rule.groups.0.rows.0.{name}" for name in ("of", "name", "op", "value", "raw")] + [
    "rule.raw",
    "rule.match",
    "rule.groups.0.match",
]
TRIGGER = [f"trigger.{name}" for name in ("pages", "element", "element_by", "delay", "scroll", "since", "until", "raw")]
ACTS = ["add", "copy", "remove", "up", "down", "move", "fill", "clear", "redraw", "none"]
PLACES = ["", ".", "..", "x", "0", "steps", "steps.", "steps.0", "steps.0.", "steps.00", "steps.x", "steps.99999", "steps.%C2%B2"]
PLACES += ["steps.0:x", "steps.0:1", "steps.0:99999", "steps.0:-1", "steps.0.target", "steps.0.target.by", "steps.0.text.content.0"]


async def opens(browser: httpx2.AsyncClient, guide: Guide) -> None:
    """Every page of the guide, and the list it is in."""
    for page in ROUTES:
        if page.methods[0] == "GET" and page.is_in_project:
            assert (await browser.get(address(page, guide))).status_code < 500, page.name


async def revision(guide: Guide) -> int:
    return (await Guide.get(id=guide.id)).revision


async def test_no_text_in_a_form_breaks_the_page_that_takes_it(as_owner: httpx2.AsyncClient, guide: Guide, staging: Environment) -> None:
    pages = [
        (page.name, address(page, guide))
        for page in ROUTES
        if page.methods[0] == "POST" and page.is_in_project and page.name != "guide_archive"
    ]
    pages += [("origins", f"/admin/acme/settings/environments/{staging.id}/origins")]
    for text in SENT:
        said = "&".join(f"{name}={text}" for name in PLAIN).replace(f"purpose={text}", "purpose=secret")
        for name, at in pages:
            answer = await as_owner.post(at, content=f"_revision={await revision(guide)}&{said}", headers=FORM)
            assert answer.status_code < 500, (name, text[:40])
    await opens(as_owner, guide)


async def test_no_text_in_a_draft_keeps_a_guide_from_opening(as_owner: httpx2.AsyncClient, guide: Guide) -> None:
    for text in SENT:
        for names, page in ((BODY, "save"), (BODY, "part"), (RULE, "audience"), (TRIGGER, "audience")):
            said = "&".join(f"{quote(name)}={text}" for name in names)
            sent = f"_revision={await revision(guide)}&_do=redraw&_part={text}&frequency={text}&priority={text}&start={text}&{said}"
            answer = await as_owner.post(f"/admin/acme/guides/{guide.id}/{page}", content=sent, headers={**FORM, "HX-Request": "true"})
            assert answer.status_code < 500, (page, names[0], text[:40])
        await opens(as_owner, guide)


async def test_no_change_of_parts_that_names_nothing_breaks_the_editor(as_owner: httpx2.AsyncClient, guide: Guide) -> None:
    for act in ACTS:
        for place in PLACES:
            sent = f"_revision={await revision(guide)}&_do={act}:{place}"
            answer = await as_owner.post(f"/admin/acme/guides/{guide.id}/part", content=sent, headers=FORM)
            assert answer.status_code < 500, (act, place)
    for number in ("0", "1", "2", "99999999", "%C2%B2", "x"):
        for place in PLACES:
            answer = await as_owner.post(f"/admin/acme/guides/{guide.id}/put-back/{number}?path={place}")
            assert answer.status_code < 500, (number, place)
    await opens(as_owner, guide)


async def test_no_query_breaks_a_page(as_owner: httpx2.AsyncClient, guide: Guide) -> None:
    names = ("q", "page", "part", "days", "kind", "sort", "status", "next", "path", "first", "token")
    for text in (text[:498] for text in SENT[::3]):
        said = "&".join(f"{name}={text}" for name in names)
        for page in ROUTES:
            if page.methods[0] == "GET":
                answer = await as_owner.get(f"{address(page, guide)}?{said}", headers={"HX-Request": "true", "HX-Target": "div#guides"})
                assert answer.status_code < 500, (page.name, text)


async def test_no_condition_of_a_part_keeps_a_guide_from_opening(as_owner: httpx2.AsyncClient, guide: Guide) -> None:
    [key, *_rest] = [step["key"] for step in guide.draft["steps"]]
    for operator in ("[]", "{}", '["is"]', "5", "null", '"nope"'):
        said = quote('{"attribute":{"of":"person","name":"plan","op":' + operator + ',"value":1}}')
        sent = f"_revision={await revision(guide)}&_part={key}&steps.0.key={key}&steps.0.conditions.raw={said}"
        answer = await as_owner.post(f"/admin/acme/guides/{guide.id}/save", content=sent, headers={**FORM, "HX-Request": "true"})
        assert answer.status_code == 200, operator
        assert (await as_owner.get(f"/admin/acme/guides/{guide.id}?part={key}")).status_code == 200, operator
