"""What every kind promises, ours or anyone's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from admin.forms.form import build_form
from guides.clock import now
from guides.fields import parse_rule
from guides.kind import COMMON_EVENTS, INTERFACE, Effect, Event, Kind, Person, Progress, Visit
from guides.models import Environment, Member, Project
from guides.publishing import drafts
from guides.publishing.publish import publish
from guides.registry import BUILT_IN, GROUP, BrokenKind, _add, _load_kinds, folder_of, kinds
from tests.architecture.source_tree import ROOT
from tests.packages import install_plugins

POLL = EntryPoint("poll", "acme_poll:kind", GROUP)
SURVEY = EntryPoint("survey", "acme_survey:kind", GROUP)
KINDS = list(_load_kinds(BUILT_IN, [POLL, SURVEY]).values())
OLD = [
    pytest.param(kind, path, id=f"{kind.slug}-{path.stem}")
    for kind in KINDS
    for path in sorted((ROOT / "tests/kinds/bodies" / kind.slug).glob("*.json"))
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
each_old_body = pytest.mark.parametrize(("kind", "path"), OLD)


@pytest.fixture
def installed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> Kind:
    """The kind, as if its package were installed."""
    found = {each.slug: each for each in KINDS}
    monkeypatch.setattr("guides.registry.kinds", lambda: found)
    return kind


@each_kind
def test_its_words_are_whole(kind: Kind) -> None:
    assert kind.label and kind.plural and kind.purpose
    assert not kind.events.keys() & COMMON_EVENTS
    assert all(re.fullmatch(r"[a-z][a-z_]{1,39}", name) for name in kind.events)


@each_kind
def test_its_starter_has_nothing_to_mend(kind: Kind) -> None:
    assert [problem for problem in kind.check(kind.starter()) if not problem.warning] == []


@each_kind
def test_its_templates_are_named_and_have_nothing_to_mend(kind: Kind) -> None:
    templates = kind.templates()
    assert len({template.key for template in templates}) == len(templates) >= 1
    for template in templates:
        assert template.name and template.purpose
        assert [problem for problem in kind.check(template.body) if not problem.warning] == []


@each_kind
async def test_its_starter_can_be_published_and_survives_the_database(
    installed: Kind, project: Project, production: Environment, editor: Member
) -> None:
    guide = await drafts.create(project, installed.slug, "First", editor)
    version = await publish(guide, production, editor)
    await version.refresh_from_db()
    assert version.body == installed.Body.model_validate(guide.draft).model_dump(mode="json")


@each_kind
def test_two_starters_share_no_part(kind: Kind) -> None:
    first, second = list(_parts(kind.starter())), list(_parts(kind.starter()))
    assert {id(part) for part in first}.isdisjoint(id(part) for part in second)


@each_kind
def test_its_body_survives_json(kind: Kind) -> None:
    body = kind.starter()
    assert kind.Body.model_validate(json.loads(json.dumps(body.model_dump(mode="json")))) == body


@each_kind
def test_what_is_delivered_is_plain_json(kind: Kind) -> None:
    delivered = kind.deliver(kind.starter(), Visit(Person("42", {"plan": "trial"})))
    assert json.loads(json.dumps(delivered)) == delivered


@each_kind
def test_its_form_draws_every_field_and_a_broken_draft(kind: Kind) -> None:
    drawn = build_form(kind.Body, kind.starter().model_dump(mode="json"))
    assert {field.name for field in drawn.fields} == set(kind.Body.model_fields)
    assert all(field.label for field in drawn.fields)
    build_form(kind.Body, {name: "no such thing" for name in kind.Body.model_fields})


@each_kind
def test_its_metrics_count_events_it_declares(kind: Kind) -> None:
    declared = kind.events.keys() | COMMON_EVENTS
    assert {metric.event for metric in kind.metrics(kind.starter())} <= declared


@each_kind
def test_any_event_in_any_state_moves_its_progress_without_trouble(kind: Kind) -> None:
    for name in sorted(kind.events.keys() | COMMON_EVENTS):
        for item in (None, "no_such_item"):
            kind.advance(Progress(), Event(name, item, now(), {}), kind.starter())


@each_kind
def test_its_items_have_keys_of_their_own_and_labels(kind: Kind) -> None:
    items = kind.items(kind.starter())
    assert len({item.key for item in items}) == len(items)
    assert all(item.label for item in items)


@each_kind
def test_an_event_has_the_effect_it_declares(kind: Kind) -> None:
    body = kind.starter()
    for name, effect in kind.events.items():
        for item in kind.items(body):
            progress = Progress()
            kind.advance(progress, Event(name, item.key, now(), {}), body)
            assert (progress.item == item.key) is (effect is Effect.REACHED)
            assert (item.key in progress.done) is (effect is Effect.DONE)


@each_kind
def test_its_templates_can_be_published_as_they_are(kind: Kind) -> None:
    templates = kind.templates()
    assert len({template.key for template in templates}) == len(templates) > 0
    for template in templates:
        assert template.name
        assert [problem for problem in kind.check(template.body) if not problem.warning] == []


@each_kind
def test_its_goals_name_items_and_rules_that_can_be_read(kind: Kind) -> None:
    for template in kind.templates():
        keys = {item.key for item in kind.items(template.body)}
        for goal in kind.goals(template.body):
            assert goal.item is None or goal.item in keys
            parse_rule(goal.when)


@each_kind
def test_it_reads_or_refuses_any_event(kind: Kind) -> None:
    for name in sorted(kind.events.keys() | COMMON_EVENTS):
        for props in ({}, {"value": 7}, {"value": ["a", "b"]}, {"value": None, "reason": "x" * 500}):
            event = kind.read(Event(name, "no_such_item", now(), props), kind.starter())
            assert event is None or isinstance(event, Event)


def test_a_kind_made_for_a_newer_interface_is_refused_by_name() -> None:
    newer = type("Newer", (type(KINDS[-1]),), {"interface": INTERFACE + 1})()
    with pytest.raises(BrokenKind, match=f"needs version {INTERFACE + 1}"):
        _add({}, newer, "acme_newer:kind")


@each_kind
def test_it_has_a_renderer_and_a_picture(kind: Kind) -> None:
    folder = folder_of(kind)
    skins = [folder / name for name in ("render.ts", "render.js") if (folder / name).exists()]
    assert len(skins) == 1
    assert re.search(r"\bexport default\b", skins[0].read_text(encoding="utf-8"))
    assert (folder / "icon.svg").read_text(encoding="utf-8").startswith("<svg ")


@each_kind
def test_the_manual_names_it(kind: Kind) -> None:
    folder = folder_of(kind)
    ours = folder.is_relative_to(ROOT / "guides")
    pages = (ROOT / "admin/help").rglob("*.md") if ours else [folder.parent / "README.md"]
    assert any(re.search(rf"\b{kind.label}s?\b", page.read_text(encoding="utf-8"), re.I) for page in pages)


@each_kind
def test_an_example_of_its_body_is_kept(kind: Kind) -> None:
    assert any(parameters.values[0] is kind for parameters in OLD)


@each_old_body
def test_an_old_body_still_loads(kind: Kind, path: Path) -> None:
    body = kind.Body.model_validate_json(path.read_text(encoding="utf-8"))
    assert [problem for problem in kind.check(body) if not problem.warning] == []
    assert kind.Body.model_validate(body.model_dump(mode="json")) == body
    kind.deliver(body, Visit(Person(None, {})))


def test_a_kind_from_another_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    install_plugins(tmp_path)
    program = f"import sys; sys.path[:0] = [{str(tmp_path)!r}, {str(ROOT)!r}]; from guides.registry import kinds; print(*kinds())"
    found = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True)
    assert found.stdout.split() == [*BUILT_IN, "poll", "survey"]


def _parts(value: Any) -> Iterator[Any]:
    """Yields every model, list and dict in a body: all that a change of one body could change in another."""
    if isinstance(value, BaseModel | dict | list):
        yield value
        parts = value.__dict__.values() if isinstance(value, BaseModel) else value.values() if isinstance(value, dict) else value
        for part in parts:
            yield from _parts(part)


def test_what_is_not_a_kind_stops_the_start_by_name() -> None:
    with pytest.raises(BrokenKind, match="acme_poll:PollBody is not a Kind"):
        _load_kinds(BUILT_IN, [EntryPoint("poll", "acme_poll:PollBody", GROUP)])
    with pytest.raises(BrokenKind, match="two kinds are called poll"):
        _load_kinds(BUILT_IN, [POLL, POLL])
    with pytest.raises(BrokenKind, match=r"gone \(no_such_module:kind\) does not load"):
        _load_kinds(BUILT_IN, [EntryPoint("gone", "no_such_module:kind", GROUP)])


def test_ours_come_first_in_the_menu() -> None:
    assert tuple(kinds())[: len(BUILT_IN)] == BUILT_IN
