"""A Body seen as a form: whatever is drawn and posted back is the same draft, for every kind and for bodies nobody has written yet."""

from __future__ import annotations

import json
from enum import StrEnum
from types import SimpleNamespace
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from admin.forms import list_edits, rule_text
from admin.forms.form import build_form, find_schema
from admin.forms.plain_text import from_plain_text
from admin.forms.read import new_item, read_draft
from admin.web.templating import templates
from guides.errors import Invalid
from guides.fields import Action, GuideRef, ItemKey, Link, PagePattern, Phrase, RichText, Target, empty_rich_text, form_field, item_key
from guides.kind import Body, Problem
from guides.registry import kinds
from guides.rules.operators import OPERATORS
from tests.admin.posted_forms import form_in
from tests.architecture.source_tree import ROOT


class Mood(StrEnum):
    """One of a few."""

    GLAD = "glad"
    SAD = "sad"


class Inner(Body):
    """A part of a part."""

    key: ItemKey = Field(default_factory=item_key)
    label: Phrase = form_field("Label", default="")
    action: Action | None = form_field("Action", default=None)
    names: list[Phrase] = form_field("Names", default_factory=list)


class Outer(Body):
    """One of everything a form can show."""

    title: Phrase = form_field("Title", default="")
    text: RichText = form_field("Text", default_factory=empty_rich_text)
    on: bool = form_field("On", default=False)
    number: int = form_field("Number", default=3)
    share: float | None = form_field("Share", default=None)
    mood: Mood = form_field("Mood", default=Mood.GLAD)
    size: Literal[1, 2, 3] = form_field("Size", default=1)
    link: Link = form_field("Link", default="")
    page: PagePattern = form_field("Page", default="")
    other: GuideRef = form_field("Guide", default="")
    target: Target | None = form_field("Element", default=None)
    action: Action = form_field("Action", default_factory=lambda: {"do": "next"})
    inner: Inner | None = form_field("Inner", default=None)
    items: Annotated[list[Inner], Field(max_length=5)] = form_field("Items", default_factory=list)
    free: dict[str, Any] = form_field("Free", default_factory=dict, advanced=True)


def form_html(body: type[Body], draft: Any, problems: list[Problem] | None = None) -> str:
    """The form as the page shows it."""
    source = """<form id="it" action="x">{% from "guides/_form.html" import sections with context %}{{ sections(form, true) }}</form>"""
    form = build_form(body, draft, problems or [])
    header = SimpleNamespace(guide=SimpleNamespace(id=UUID(int=0)))
    operators = [(operator.name, operator.label) for operator in OPERATORS.values()]
    variables = {"form": form, "header": header, "startable": [], "operators": operators, "condition_text": rule_text.condition}
    return templates().from_string(source).render(variables, url_for=lambda name, **more: f"/{name}")


def through_a_browser(body: type[Body], draft: Any) -> dict[str, Any]:
    """Draw it, post it as it stands, read it."""
    return read_draft(body, form_in(form_html(body, draft), "it").fields())


@pytest.mark.parametrize("slug", kinds())
def test_the_starter_of_every_kind_survives_the_form(slug: str) -> None:
    kind = kinds()[slug]
    draft = kind.starter().model_dump(mode="json")
    assert through_a_browser(kind.Body, draft) == draft


words = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n", exclude_categories=["Cc", "Cs"]), max_size=12)
keys = st.text("abcdefghij_0", min_size=1, max_size=8)
actions = st.one_of(
    st.sampled_from(["next", "back", "finish", "close"]).map(lambda do: {"do": do}),
    st.builds(lambda url, new_tab: {"do": "open", "url": url, "new_tab": new_tab}, words, st.booleans()),
    st.builds(lambda guide: {"do": "start", "guide": guide}, st.sampled_from(["", "00000000-0000-7000-8000-000000000000"])),
)
refined = st.builds(
    lambda text, row, nth: {"refine": {"text": text, "row": row, "nth": nth, "strict": "usual"}},
    st.sampled_from(["contains", "ignore"]),
    words,
    st.integers(0, 1000),
)
targets = st.builds(
    lambda by, value, label, more: {"by": by, "value": value, "label": label, **more},
    st.sampled_from(["name", "css", "text"]),
    words,
    words,
    st.just({}) | refined,
)
docs = st.lists(words.filter(str.strip), max_size=3).map(
    lambda lines: {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": line, "marks": [{"type": "bold"}]}]} for line in lines],
    }
)
inners = st.builds(
    lambda key, label, action, names: {"key": key, "label": label, "action": action, "names": names},
    keys,
    words,
    st.none() | actions,
    st.lists(words, max_size=3),
)
free = st.dictionaries(keys, st.none() | st.booleans() | st.integers(-9, 9) | words, max_size=3)
outers = st.fixed_dictionaries(
    {
        "title": words,
        "text": docs,
        "on": st.booleans(),
        "number": st.integers(-(10**9), 10**9),
        "share": st.none() | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
        "mood": st.sampled_from(["glad", "sad"]),
        "size": st.sampled_from([1, 2, 3]),
        "link": words,
        "page": words,
        "other": st.just(""),
        "target": st.none() | targets,
        "action": actions,
        "inner": st.none() | inners,
        "items": st.lists(inners, max_size=4, unique_by=lambda inner: inner["key"]),
        "free": free,
    }
)


@given(outers)
def test_any_draft_survives_the_form(draft: dict[str, Any]) -> None:
    assert through_a_browser(Outer, draft) == draft


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*Outer.model_fields, "nonsense"]), json_values) | json_values)
def test_a_draft_in_any_state_can_be_drawn(draft: Any) -> None:
    form_html(Outer, draft, [Problem(("items", 3, "label"), "x"), Problem(("nowhere",), "y"), Problem((), "z")])


def test_what_was_not_posted_stays() -> None:
    before = read_draft(Outer, [("title", "One"), ("items.[]", ""), ("items.0.key", "aa"), ("items.0.label", "A"), ("items.1.key", "bb")])
    after = read_draft(Outer, [("items.7.key", "bb"), ("items.7.label", "B")], before)
    assert after["title"] == "One"
    assert [(item["key"], item["label"]) for item in after["items"]] == [("aa", "A"), ("bb", "B")]


def test_a_part_that_somebody_removed_comes_back_with_what_was_typed() -> None:
    after = read_draft(Outer, [("items.0.key", "gone"), ("items.0.label", "Mine")], {"items": [{"key": "aa", "label": "A"}]})
    assert [item["label"] for item in after["items"]] == ["A", "Mine"]


def test_text_that_is_no_number_is_kept_as_typed() -> None:
    assert read_draft(Outer, [("number", "five"), ("share", "")])["number"] == "five"


def test_choosing_another_action_draws_its_fields() -> None:
    draft = read_draft(Outer, [("action.do", "open")], {"action": {"do": "next"}})
    assert draft["action"] == {"do": "open", "url": "", "new_tab": False}
    assert build_form(Outer, draft).find("action").find("action.url") is not None  # type: ignore[union-attr]


def test_a_problem_stands_beside_its_field_or_the_nearest_above() -> None:
    draft = {"items": [{"key": "aa", "label": ""}], "text": from_plain_text("Hello")}
    problems = [Problem(("items", 0, "label"), "empty"), Problem(("text", "content", 0, "src"), "no"), Problem((), "whole")]
    drawn = {field.name: [problem.message for problem in field.problems] for field in build_form(Outer, draft, problems).walk()}
    assert (drawn["items.0.label"], drawn["text"], drawn[""]) == (["empty"], ["no"], ["whole"])


def test_a_field_shows_only_while_its_neighbour_says_so() -> None:
    tour = kinds()["tour"]
    draft = tour.starter().model_dump(mode="json")
    shown = {field.name: field.is_shown for field in build_form(tour.Body, draft).walk()}
    assert not shown["steps.0.side"]
    draft["steps"][0]["layout"] = "popover"
    assert {field.name: field.is_shown for field in build_form(tour.Body, draft).walk()}["steps.0.side"]


@pytest.mark.parametrize("text", ["\x00", "\ud800"])
def test_what_no_database_can_keep_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        read_draft(Outer, [("title", text)])


@pytest.mark.parametrize("tree", ['"\\u0000"', "[" * 5000, str(10**30), "NaN", '{"a":' * 100 + "1" + "}" * 100])
def test_a_hostile_tree_is_refused_or_kept_as_words(tree: str) -> None:
    try:
        kept = read_draft(Outer, [("text.tree", tree)])["text"]
    except Invalid:
        return
    assert isinstance(kept, str)


def test_plain_text_changes_the_tree_only_when_it_was_changed() -> None:
    tree = '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"Hi","marks":[{"type":"bold"}]}]}]}'
    assert read_draft(Outer, [("text", "Hi"), ("text.tree", tree)])["text"]["content"][0]["content"][0]["marks"] == [{"type": "bold"}]
    assert read_draft(Outer, [("text", "Hi\r\n\r\nyou"), ("text.tree", tree)])["text"] == from_plain_text("Hi\n\nyou")


def test_a_blank_part_has_a_key_of_its_own() -> None:
    items, names = find_schema(Outer, ["items"]), find_schema(Outer, ["items", "0", "names"])
    assert items and items.item and names and names.item
    assert new_item(items.item)["key"] != new_item(items.item)["key"]
    assert new_item(names.item) == ""


def test_parts_are_added_copied_moved_and_removed() -> None:
    draft, where = list_edits.add_item(Outer, {"items": []}, "items")
    assert where == "items.0"
    draft, where = list_edits.copy_item(Outer, draft, "items.0")
    assert where == "items.1" and draft["items"][0]["key"] != draft["items"][1]["key"]
    first, second = (item["key"] for item in draft["items"])
    moved, where = list_edits.move_item(draft, "items.0", 9)
    assert [item["key"] for item in moved["items"]] == [second, first] and where == "items.1"
    gone, where = list_edits.remove_item(moved, "items.1")
    assert len(gone["items"]) == 1 and where == "items.0"
    back, _where = list_edits.restore_item(gone, moved, "items.1")
    assert back == moved and list_edits.restore_item(back, moved, "items.1")[0] == moved


def test_a_full_list_takes_no_more() -> None:
    draft: Any = {"items": []}
    for _number in range(5):
        draft, _where = list_edits.add_item(Outer, draft, "items")
    with pytest.raises(Invalid, match="5"):
        list_edits.add_item(Outer, draft, "items")


@pytest.mark.parametrize("path", ["items.9", "items.x", "nothing", "title.0", "items.-1", ""])
def test_a_part_that_is_not_there_cannot_be_changed(path: str) -> None:
    for act in (lambda: list_edits.remove_item({"items": [], "title": ""}, path), lambda: list_edits.copy_item(Outer, {"items": []}, path)):
        with pytest.raises(Invalid):
            act()


def test_an_optional_part_is_filled_and_cleared() -> None:
    draft = list_edits.with_optional(Outer, {"target": None}, "target")
    assert draft["target"]["by"] == "name"
    assert list_edits.without_optional(draft, "target")["target"] is None


class Pair(Body):
    """Fields that wait for two neighbours, and one that is left out while it is as usual."""

    shape: Literal["a", "b"] = form_field("Shape", choices={"a": "A", "b": "B"}, default="a")
    on: bool = form_field("On", default=True)
    both: str = form_field("Both", visible_when={"shape": ["a"], "on": ["true"]}, default="")
    usual: int = form_field("Usual", default=3, exclude_if=lambda value: value == 3)


@pytest.mark.parametrize(("shape", "on", "shown"), [("a", True, True), ("a", False, False), ("b", True, False), ("b", False, False)])
def test_a_field_may_wait_for_two_neighbours(shape: str, on: bool, shown: bool) -> None:
    form = build_form(Pair, {"shape": shape, "on": on})
    assert next(field for field in form.fields if field.name == "both").is_shown == shown


def test_what_is_as_usual_is_not_written_into_the_draft() -> None:
    assert "usual" not in through_a_browser(Pair, {"shape": "a", "on": True, "both": ""})
    assert through_a_browser(Pair, {"usual": 4})["usual"] == 4
    assert "usual" not in read_draft(Pair, [("usual", "3")], {"usual": 4})


def test_a_step_that_does_more_survives_the_form_and_takes_one_more_condition() -> None:
    tour = kinds()["tour"]
    draft = json.loads((ROOT / "tests/kinds/bodies/tour/0_1_steps_that_do_more.json").read_text(encoding="utf-8"))
    draft = tour.Body.model_validate(draft).model_dump(mode="json")
    assert through_a_browser(tour.Body, draft) == draft
    more = list_edits.edit_rule(draft, "steps.1.conditions", "row", "0")
    assert more["steps"][1]["conditions"]["all"][3] == {"attribute": {"of": "person", "name": "", "op": "is", "value": ""}}
    assert through_a_browser(tour.Body, more) == more
