"""The survey, a kind from another package whose parts are a union: what it takes, and what it counts."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from acme_survey import Choice, Option, Score, SurveyBody, Text, kind

from guides.clock import now
from guides.kind import Answers, Distribution, Event, Item, Listing, Progress, SetAttribute
from guides.kind import Score as ScoreMetric
from tests.architecture.source_tree import ROOT

BODY = SurveyBody(
    title="Your opinion",
    questions=[
        Score(key="likely", question="Would you recommend us?", attribute="nps"),
        Choice(key="plan", question="Which plan?", choices=[Option(key="free", label="Free"), Option(key="paid", label="Paid")]),
        Choice(key="uses", question="Used?", several=True, choices=[Option(key="deals", label="Deals"), Option(key="mail", label="Mail")]),
        Text(key="why", question="Why?"),
    ],
)


def _answered(item: str | None, value: Any) -> Event:
    return Event("answered", item, now(), {"value": value})


@pytest.mark.parametrize(
    ("item", "value", "stored"),
    [
        ("likely", 0, 0),
        ("likely", 10, 10),
        ("plan", "paid", "paid"),
        ("uses", ["mail", "deals"], ["mail", "deals"]),
        ("why", " It is quick. ", "It is quick."),
        ("why", "x" * 2_000, "x" * 2_000),
    ],
)
def test_an_answer_to_its_question_is_stored(item: str, value: Any, stored: Any) -> None:
    event = kind.read(_answered(item, value), BODY)
    assert event is not None and event.props == {"value": stored}


@pytest.mark.parametrize(
    ("item", "value"),
    [
        *[("likely", value) for value in (-1, 11, 7.5, True, "7", None, [7])],
        *[("plan", value) for value in ("gold", "", None, ["paid"], 1)],
        *[("uses", value) for value in ("mail", [], ["mail", "fax"], ["mail", "mail"], [["mail"]], {"mail": True})],
        *[("why", value) for value in ("", "  ", "x" * 2_001, 5, None)],
        *[(item, 7) for item in ("forged", "", None)],
    ],
)
def test_what_no_renderer_sends_is_refused(item: str | None, value: Any) -> None:
    assert kind.read(_answered(item, value), BODY) is None


def test_only_the_value_of_an_answer_is_kept() -> None:
    event = kind.read(Event("answered", "likely", now(), {"value": 3, "more": "x" * 900}), BODY)
    assert event is not None and event.props == {"value": 3}


def test_an_answered_question_is_done_and_its_score_becomes_an_attribute() -> None:
    progress = Progress()
    assert list(kind.advance(progress, _answered("likely", 9), BODY)) == [SetAttribute("nps", 9)]
    assert list(kind.advance(progress, _answered("why", "Quick"), BODY)) == []
    assert progress.done == ["likely", "why"]


def test_a_score_that_names_no_attribute_sets_none() -> None:
    body = SurveyBody(title="A", questions=[Score(key="easy", question="Easy?")])
    assert list(kind.advance(Progress(), _answered("easy", 9), body)) == []


def test_what_cannot_be_answered_must_be_mended() -> None:
    assert {problem.path for problem in kind.check(SurveyBody())} == {("title",), ("questions",)}
    body = SurveyBody(title="A", questions=[Text(), Choice(question="Which?", choices=[Option()])])
    paths = {problem.path for problem in kind.check(body)}
    assert paths == {("questions", 0, "question"), ("questions", 1, "choices"), ("questions", 1, "choices", 0, "label")}


def test_its_items_listing_and_figures_follow_its_questions() -> None:
    assert kind.items(BODY)[0] == Item("likely", "Would you recommend us?")
    assert kind.listing(BODY) == Listing("Your opinion", "Would you recommend us?")
    assert kind.metrics(BODY) == [
        ScoreMetric("Would you recommend us?", "answered", "likely", (0, 10), nps=True),
        Distribution("Which plan?", "answered", "plan", [("free", "Free"), ("paid", "Paid")]),
        Distribution("Used?", "answered", "uses", [("deals", "Deals"), ("mail", "Mail")]),
        Answers("Why?", "answered", "why"),
    ]


def test_the_kind_of_the_manual_works_as_it_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (ROOT / "admin/help/write-a-kind.md").read_text(encoding="utf-8").splitlines()
    printed = lines[lines.index("    from typing import Annotated, ClassVar, Literal") : lines.index("    kind = Survey()") + 1]
    (tmp_path / "printed_kind.py").write_text("\n".join(line.removeprefix("    ") for line in printed), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    kind = import_module("printed_kind").kind
    body = kind.starter()
    assert [item.label for item in kind.items(body)] == ["How likely are you to recommend us?"]
    assert list(kind.check(body)) == [] and len(kind.metrics(body)) == 1
    empty = kind.Body.model_validate({"questions": [{"type": "text"}]})
    assert [problem.path for problem in kind.check(empty)] == [("questions", 0, "question")]
