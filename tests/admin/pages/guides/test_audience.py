"""Who and when: saved as it is changed, with the same care for what others saved."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from guides.models import Environment, Guide
from guides.people.identify import Identity, identify
from tests.admin.posted_forms import Pairs, form_in, post

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
    return [(f"rule.groups.0.rows.0.{name}", value) for name, value in said.items()]


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
    assert 'name="rule.groups.0.rows.0.name"' in first.text and (await saved(guide))["audience"] is None
    filled = [*await standing(as_editor, guide), *line(name="plan", op="is", value="trial"), ("_do", "row:0")]
    assert 'name="rule.groups.0.rows.1.name"' in (await post(as_editor, place(guide, "audience"), filled)).text
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
        await identify(production.id, Identity(person=str(number), attributes={"plan": "trial" if number else "pro"}))
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
        [("rule.raw", "not json")],
        [("rule.raw", '{"attribute":1}')],
        [("rule.groups.x.rows.y.raw", "[]")],
        [("rule.groups.0.rows.0.name", "\x00"), ("rule.groups.0.rows.0.value", "x")],
        [("trigger.raw", "[" * 3000)],
        [("trigger.since", "yesterday")],
        [("priority", "9" * 30), ("frequency", "odd"), ("start", "odd")],
        [(f"rule.groups.{number}.rows.0.name", "a") for number in range(300)],
        [("_do", "drop:99.99")],
        [("_do", "row:-1")],
        [("trigger.delay", "1e999")],
        [("trigger.delay", "nan")],
        [("start", "on_event"), ("event.name", "x"), ("event.raw", "[" * 3000)],
        [("event.name", "x"), ("event.groups.x.rows.y.raw", "[]"), ("_do", "event-drop:-1")],
        [("cancel_event.name", "\x00"), ("_do", "cancel_event-row:x")],
        [("click.by", "odd"), ("click.value", "x" * 5000), ("delay_seconds", "1e9"), ("repeat_after_days", "٣")],
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


ROWS = {"attribute": {"of": "event", "name": "rows", "op": "greater", "value": 10}}


async def choose(browser: httpx2.AsyncClient, guide: Guide, *more: tuple[str, str], **said: str) -> str:
    """Post the form with some fields written over and some added; hands back what the author then sees."""
    pairs = [pair for pair in await standing(browser, guide) if pair[0] not in said and pair[0] not in dict(more)]
    await post(browser, place(guide, "audience"), [*pairs, *said.items(), *more])
    return (await browser.get(place(guide, "audience"))).text


async def test_only_the_fields_that_make_sense_are_shown(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    page = await choose(as_editor, guide, start="auto")
    assert (
        all(f'name="{name}"' not in page for name in ("event.name", "click.value", "cancel_event.name", "repeat_after_days"))
        and 'name="delay_seconds"' in page
    )
    page = await choose(as_editor, guide, start="on_event")
    assert 'name="event.name"' in page and 'name="click.value"' not in page
    page = await choose(as_editor, guide, start="on_click", delay_seconds="10", frequency="every_days")
    assert (
        all(f'name="{name}"' in page for name in ("click.value", "cancel_event.name", "repeat_after_days"))
        and 'name="event.name"' not in page
    )
    page = await choose(as_editor, guide, start="manual")
    assert all(f'name="{name}"' not in page for name in ("event.name", "click.value", "cancel_event.name", "delay_seconds"))


async def test_what_starts_a_guide_is_saved_and_said_in_words(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await choose(as_editor, guide, start="on_event", delay_seconds="5", frequency="every_days")
    lines = [("event.groups.0.rows.0.name", "rows"), ("event.groups.0.rows.0.op", "greater"), ("event.groups.0.rows.0.value", "10")]
    await choose(as_editor, guide, ("event.name", "exported"), ("cancel_event.name", "left"), *lines, repeat_after_days="30")
    stored = await saved(guide)
    assert (stored["start"], stored["delay_seconds"], stored["frequency"], stored["repeat_after_days"]) == ("on_event", 5, "every_days", 30)
    assert stored["event"] == {"name": "exported", "where": ROWS} and stored["cancel_event"] == {"name": "left", "where": None}
    page = (await as_editor.get(place(guide))).text
    assert "When exported (rows is more than 10) happens" in page and "Every 30 days" in page
    await choose(as_editor, guide, start="on_click")
    await choose(as_editor, guide, ("click.by", "text"), ("click.value", "New deal"))
    assert (await saved(guide))["click"] == {"by": "text", "value": "New deal", "label": ""}
    assert "When people click New deal" in (await as_editor.get(place(guide))).text
    assert (await saved(guide))["event"]["name"] == "exported"


async def test_properties_are_added_and_taken_away(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    await choose(as_editor, guide, start="on_event")
    await choose(as_editor, guide, ("event.name", "exported"))
    pairs = [*await standing(as_editor, guide), ("_do", "event-row:")]
    assert 'name="event.groups.0.rows.0.name"' in (await post(as_editor, place(guide, "audience"), pairs)).text
    filled = [("event.groups.0.rows.0.name", "rows"), ("event.groups.0.rows.0.op", "greater"), ("event.groups.0.rows.0.value", "many")]
    answer = await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), *filled])
    assert "Write 5 instead of “many”" in answer.text
    await post(as_editor, place(guide, "audience"), [*await standing(as_editor, guide), ("_do", "event-drop:0")])
    assert (await saved(guide))["event"] == {"name": "exported", "where": None}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"start": "on_event"}, "Write the name of the event."),
        ({"start": "on_click"}, "Say which element is clicked."),
        ({"delay_seconds": "9999"}, "At most 600."),
        ({"delay_seconds": "soon"}, "Write a whole number."),
        ({"frequency": "every_days", "repeat_after_days": "0"}, "At least 1."),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(
    as_editor: httpx2.AsyncClient, guide: Guide, said: dict[str, str], words: str
) -> None:
    assert words in await choose(as_editor, guide, **said)


async def test_a_rule_that_cannot_be_shown_is_kept(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    deep = {"any": [TRIAL, {"not": {"all": [TRIAL, {"any": [TRIAL]}]}}]}
    stored = await Guide.get(id=guide.id)
    await Guide.filter(id=guide.id).update(settings={**stored.settings, "audience": deep})
    page = await choose(as_editor, guide, priority="70")
    assert "more levels than can be shown" in page and (await saved(guide))["audience"] == deep


async def test_an_event_that_cannot_be_shown_is_kept(as_editor: httpx2.AsyncClient, guide: Guide) -> None:
    deep = {"name": "exported", "where": {"any": [ROWS, {"not": {"all": [ROWS, {"any": [ROWS]}]}}]}}
    stored = await Guide.get(id=guide.id)
    await Guide.filter(id=guide.id).update(settings={**stored.settings, "start": "on_event", "event": deep})
    page = await choose(as_editor, guide, priority="70")
    assert "cannot be shown here" in page and (await saved(guide))["event"] == deep


async def test_somebody_elses_start_is_shown_and_not_overwritten(
    as_editor: httpx2.AsyncClient, as_owner: httpx2.AsyncClient, guide: Guide
) -> None:
    mine = [pair for pair in await standing(as_editor, guide) if pair[0] != "start"] + [("start", "on_event")]
    await choose(as_owner, guide, start="on_click")
    answer = await post(as_editor, place(guide, "audience"), mine)
    assert answer.status_code == 409 and "When people click an element" in answer.text and "When an event happens" in answer.text
    assert (await saved(guide))["start"] == "on_click"
