"""A list of a union as parts: every variant is added, moved, copied, removed and read back, at any depth."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.forms import list_edits
from admin.forms.diff import differences
from admin.forms.form import build_form, find_items_field
from admin.forms.read import read_draft
from admin.forms.schema import item_title
from guides.errors import Invalid
from guides.kind import Body, Problem
from tests.admin.forms.test_form import Outer, docs, form_html, keys, through_a_browser, words
from tests.fixtures.union_kind import QuizBody

pictures = st.builds(lambda key, alt: {"type": "picture", "key": key, "alt": alt}, keys, words)
texts = st.builds(lambda key, text: {"type": "words", "key": key, "text": text}, keys, words)
choice_lists = st.lists(pictures | texts, max_size=3, unique_by=lambda choice: choice["key"])
scores = st.builds(lambda key, asked, most: {"type": "score", "key": key, "question": asked, "most": most}, keys, words, st.integers(0, 99))
choices = st.builds(
    lambda key, asked, given: {"type": "choice", "key": key, "question": asked, "choices": given}, keys, words, choice_lists
)
comments = st.builds(lambda key, asked, doc: {"type": "comment", "key": key, "question": asked, "thanks": doc}, keys, words, docs)
question_lists = st.lists(scores | choices | comments, max_size=4, unique_by=lambda question: question["key"])
quizzes = st.fixed_dictionaries({"questions": question_lists, "ending": words})


def quiz(*questions: dict[str, Any]) -> dict[str, Any]:
    """A draft of those questions."""
    return {"questions": list(questions), "ending": ""}


SCORE = {"type": "score", "key": "aa", "question": "How likely?", "most": 10}
CHOICE = {"type": "choice", "key": "bb", "question": "Which?", "choices": [{"type": "words", "key": "cc", "text": "This"}]}


@given(quizzes)
def test_any_draft_of_a_union_survives_the_form(draft: dict[str, Any]) -> None:
    assert through_a_browser(QuizBody, draft) == draft


def test_a_list_of_a_union_is_the_list_of_parts() -> None:
    spec = find_items_field(QuizBody)
    assert spec and (spec.name, item_title(spec)) == ("questions", "Question")
    field = build_form(QuizBody, quiz(SCORE)).find("questions")
    assert field and field.is_keyed and field.variants == [("score", "Score"), ("choice", "Choice"), ("comment", "Comment")]
    assert field.fields[0].key == "aa" and field.fields[0].item_title == "Score"


@pytest.mark.parametrize("variant", ["score", "choice", "comment"])
def test_any_variant_is_added_with_a_key_of_its_own_and_its_defaults(variant: str) -> None:
    draft, path = list_edits.add_item(QuizBody, quiz(SCORE), "questions", variant=variant)
    assert path == "questions.1" and draft["questions"][1]["type"] == variant
    assert draft["questions"][1]["key"] not in ("", "aa")
    assert QuizBody.model_validate(draft)


def test_a_variant_that_is_not_in_the_union_is_not_added() -> None:
    for body, path in ((QuizBody, "questions"), (Outer, "items")):
        with pytest.raises(Invalid):
            list_edits.add_item(body, {}, path, variant="video")


def test_variants_are_moved_copied_removed_and_restored() -> None:
    moved, _path = list_edits.move_item(quiz(SCORE, CHOICE), "questions.1", 0)
    assert moved == quiz(CHOICE, SCORE)
    copied, path = list_edits.copy_item(QuizBody, moved, "questions.0")
    copy = copied["questions"][1]
    assert path == "questions.1" and copy["question"] == "Which?" and copy["choices"][0]["text"] == "This"
    assert copy["key"] != "bb" and copy["choices"][0]["key"] != "cc"
    removed, _path = list_edits.remove_item(copied, "questions.0")
    assert list_edits.restore_item(removed, copied, "questions.0")[0] == copied


def test_a_union_inside_a_part_takes_each_of_its_variants() -> None:
    draft, path = list_edits.add_item(QuizBody, quiz(CHOICE), "questions.0.choices", variant="picture")
    assert path == "questions.0.choices.1" and draft["questions"][0]["choices"][1]["type"] == "picture"
    assert through_a_browser(QuizBody, draft) == draft
    html = form_html(QuizBody, draft)
    assert 'value="add:questions.0.choices:picture"' in html and "Add choice" in html


def test_a_problem_stands_at_the_field_of_its_variant() -> None:
    problems = [Problem(("questions", 1, "choices", 0, "text"), "empty"), Problem(("questions", 0), "odd")]
    messages = {
        field.name: [each.message for each in field.problems] for field in build_form(QuizBody, quiz(SCORE, CHOICE), problems).walk()
    }
    assert (messages["questions.1.choices.0.text"], messages["questions.0"]) == (["empty"], ["odd"])


def test_a_part_is_posted_alone_wherever_it_is_now() -> None:
    draft = read_draft(QuizBody, [("questions.5.key", "aa"), ("questions.5.question", "Really?")], quiz(CHOICE, SCORE))
    assert draft == quiz(CHOICE, {**SCORE, "question": "Really?"})


def test_two_drafts_differ_in_the_words_of_the_variant() -> None:
    mine = quiz({**SCORE, "most": 5}, CHOICE)
    assert [(each.label, each.theirs, each.mine) for each in differences(QuizBody, quiz(SCORE, CHOICE), mine)] == [
        ("Question 1 · Highest number", "10", "5")
    ]


json_values = st.recursive(
    st.none() | st.integers() | words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3)
)


@given(st.dictionaries(st.sampled_from([*QuizBody.model_fields, "nonsense"]), st.lists(json_values | scores) | json_values))
def test_a_draft_of_a_union_in_any_state_can_be_shown(draft: Any) -> None:
    body: type[Body] = QuizBody
    form_html(body, draft, [Problem(("questions", 3, "question"), "x")])
