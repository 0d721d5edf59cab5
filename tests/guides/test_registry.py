"""Finding kinds: ours by name, others by entry point, broken ones by a sentence that names them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from guides.errors import Unknown
from guides.kind import Body, Kind
from guides.registry import BUILT_IN, BrokenKind, _add, folder_of, kind_named, kinds


class Quiz(Kind):
    """A whole kind."""

    slug, label, plural = "quiz", "Quiz", "Quizzes"
    Body = Body


def changed(**named: Any) -> Kind:
    return type("Changed", (Quiz,), named)()


class Bare(Kind):
    """A kind that says nothing but its slug."""

    slug = "bare"


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (SimpleNamespace(slug="quiz", label="Quiz", Body=Body), "is not a Kind"),
        (Quiz, "is not a Kind"),
        (changed(slug="Quiz"), "needs a slug"),
        (changed(slug="q"), "needs a slug"),
        (changed(slug="../quiz"), "needs a slug"),
        (changed(slug="q" * 41), "needs a slug"),
        (changed(slug="9lives"), "needs a slug"),
        (changed(label=""), "needs a label"),
        (changed(plural=""), "needs a label"),
        (changed(Body=dict), "needs a label"),
        (changed(Body=Body()), "needs a label"),
        (Bare(), "needs a label"),
    ],
)
def test_a_broken_kind_is_refused_by_name(broken: object, says: str) -> None:
    found: dict[str, Kind] = {}
    with pytest.raises(BrokenKind, match=f"acme_quiz:kind {says}"):
        _add(found, broken, "acme_quiz:kind")
    assert found == {}


def test_a_kind_never_takes_the_place_of_another() -> None:
    ours = Quiz()
    found: dict[str, Kind] = {"quiz": ours}
    with pytest.raises(BrokenKind, match="two kinds are called quiz; the second is acme_quiz:kind"):
        _add(found, Quiz(), "acme_quiz:kind")
    assert found["quiz"] is ours


def test_a_kind_that_is_not_installed_is_unknown() -> None:
    with pytest.raises(Unknown, match="no kind named “quiz”"):
        kind_named("quiz")


def test_nobody_can_change_the_list_of_kinds() -> None:
    with pytest.raises(TypeError):
        kinds()["quiz"] = Quiz()  # type: ignore[index]


@pytest.mark.parametrize("slug", BUILT_IN)
def test_each_of_ours_lies_in_its_own_folder(slug: str) -> None:
    assert folder_of(kind_named(slug)).name == slug
