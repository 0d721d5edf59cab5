"""Who and when: saved as it is changed, with the same care for what others saved."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from guides.models import Environment, Guide
from guides.people import Who, identify
from tests.admin.forms import Pairs, form_in, post

TRIAL = {"attribute": {"of": "person", "name": "plan", "op": "is", "value": "trial"}}


def place(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


async def standing(browser: httpx2.AsyncClient, guide: Guide, **said: str) -> Pairs:
    """The form as it stands, some fields written over."""
    pairs = form_in((await browser.get(place(guide, "audience"))).text, "audience-form").pairs
    return [(name, said.get(name.rpartition(".")[2], value)) for name, value in pairs]


async def saved(guide: Guide) -> dict[str, Any]:
    """The settings that are stored."""
    return (await Guide.get(id=guide.id)).settings


def line(**said: str) -> Pairs:
    """One line of the first group."""
    return [(f"rule.groups.0.lines.0.{name}", value) for name, value in said.items()]


async def test_what_is_posted_as_it_stands_changes_nothing(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    before = await saved(guide)
    assert (await post(as_editor, place(guide, "audience"), await standing(as_editor, guide))).status_code == 200
    assert await saved(guide) == before


async def test_a_line_a_page_and_how_often_are_saved(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    pairs = await standing(as_editor, guide, pages="/deals\r\n/deals/*", delay="5", frequency="always", start="manual", priority="80")
    pairs = [pair for pair in pairs if pair[0] not in ("frequency", "start")] + [("frequency", "always"), ("start", "manual")]
    await post(as_editor, place(guide, "audience"), [*pairs, *line(of="person", name="plan", op="is", value="trial")])
    assert await saved(guide) == {
        "audience": TRIAL,
        "trigger": {"all": [{"any": [{"page": "/deals"}, {"page": "/deals/*"}]}, {"delay": 5}]},
        "frequency": "always",
        "start": "manual",
        "priority": 80,
    }
    page = (await as_editor.get(place(guide))).text
    assert "plan is trial" in page and "Only when asked for" in page and "Every time" in page


async def test_groups_and_lines_are_added_and_taken_away(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    first = await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), ("_do", "group:")])
    assert 'name="rule.groups.0.lines.0.name"' in first.text and (await saved(guide))["audience"] is None
    filled = [*await standing(as_editor, guide), *line(name="plan", op="is", value="trial"), ("_do", "line:0")]
    assert 'name="rule.groups.0.lines.1.name"' in (await post(as_editor, place(guide, "audience"), filled)).text
    assert (await saved(guide))["audience"] == TRIAL
    assert (
        'name="rule.groups.0'
        not in (await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), ("_do", "drop:0.0")])).text
    )
    assert (await saved(guide))["audience"] is None


async def test_a_new_line_lives_on_without_a_script(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    answer = await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), ("_do", "group:out")], htmx=False)
    assert answer.status_code == 200 and "Leave out people who match" in answer.text
    assert (await post(as_editor, place(guide, "audience"), await standing(as_editor, guide), htmx=False)).status_code == 303


async def test_a_value_that_cannot_be_compared_is_stored_and_said(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    pairs = [*await standing(as_editor, guide), *line(name="team_size", op="greater", value="five")]
    answer = await post(as_editor, place(guide, "audience"), pairs)
    assert "Write 5 instead of “five”" in answer.text
    assert (await saved(guide))["audience"]["attribute"]["value"] == "five"
    assert "The rule is not complete yet" in (await as_editor.get(place(guide, "audience", "count"))).text


async def test_people_who_match_are_counted(as_editor: httpx2.AsyncClient, guide: Guide, production: Environment) -> None:
    for number in range(3):
        await identify(production.id, Who(person=str(number), attributes={"plan": "trial" if number else "pro"}))
    await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), *line(name="plan", op="is", value="trial")])
    counted = (await as_editor.get(place(guide, "audience", "count"))).text
    assert ">2<" in counted and "of 3 people match now" in counted
    page = (await as_editor.get(place(guide, "audience"))).text
    assert '<option value="plan">' in page and '<option value="trial">' in page


async def test_somebody_elses_save_is_shown_and_not_overwritten(
    as_editor: httpx2.AsyncClient, as_owner: httpx2.AsyncClient, guide: Guide
) -> None:
    mine = [*await standing(as_editor, guide), *line(name="plan", op="is", value="pro")]
    await post(as_owner, place(guide, "audience"), [*await standing(as_owner, guide), *line(name="plan", op="is", value="trial")])
    answer = await post(as_editor, place(guide, "audience"), mine)
    assert answer.status_code == 409 and "plan is trial" in answer.text and "plan is pro" in answer.text
    assert (await saved(guide))["audience"] == TRIAL


@pytest.mark.parametrize(
    "pairs",
    [
        [("rule.kept", "not json")],
        [("rule.kept", '{"attribute":1}')],
        [("rule.groups.x.lines.y.kept", "[]")],
        [("rule.groups.0.lines.0.name", "\x00"), ("rule.groups.0.lines.0.value", "x")],
        [("trigger.kept", "[" * 3000)],
        [("trigger.since", "yesterday")],
        [("priority", "9" * 30), ("frequency", "odd"), ("start", "odd")],
        [(f"rule.groups.{number}.lines.0.name", "a") for number in range(300)],
        [("_do", "drop:99.99")],
        [("_do", "line:-1")],
        [("trigger.delay", "1e999")],
        [("trigger.delay", "nan")],
    ],
)
async def test_a_hostile_form_is_refused_without_a_crash(as_editor: httpx2.AsyncClient, guide: Guide, pairs: Pairs) -> None:
    answer = await post(as_editor, place(guide, "audience"), [("_revision", str(guide.revision)), *pairs])
    assert answer.status_code in (200, 422)
    assert (await as_editor.get(place(guide, "audience"))).status_code == 200
    assert (await as_editor.get(place(guide))).status_code == 200


async def test_a_viewer_sees_the_audience_and_changes_nothing(as_viewer: httpx2.AsyncClient, guide: Guide) -> None:
    assert "Everyone" in (await as_viewer.get(place(guide, "audience"))).text
    assert (await as_viewer.post(place(guide, "audience"))).status_code == 403
