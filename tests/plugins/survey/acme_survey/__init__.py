"""A survey: scores, choices and texts, one question at a time in the corner of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from guides.fields import ItemKey, Phrase, ShortText, form_field, item_key
from guides.kind import (
    Answers,
    Body,
    Capability,
    Distribution,
    Effect,
    Event,
    Kind,
    Lane,
    Listing,
    Metric,
    Problem,
    Progress,
    SetAttribute,
    Template,
)
from guides.kind import Score as ScoreMetric

SCALE = (0, 10)
LONGEST_TEXT = 2_000


class Score(Body):
    """A number from 0 to 10."""

    title: ClassVar[str] = "Score"
    type: Literal["score"] = "score"
    key: ItemKey = Field(default_factory=item_key)
    question: Phrase = form_field("Question", default="")
    low: Phrase = form_field("What 0 means", default="")
    high: Phrase = form_field("What 10 means", default="")
    required: bool = form_field("Needs an answer", default=True)
    nps: bool = form_field("Count the net promoter score", default=True, advanced=True)
    attribute: ShortText = form_field(
        "Keep the score as an attribute", "Of the person; rules can ask for it. Empty keeps none.", default="", advanced=True
    )

    def read(self, value: object) -> int | None:
        """The score; None off the scale."""
        whole = isinstance(value, int) and not isinstance(value, bool)
        return value if whole and SCALE[0] <= value <= SCALE[1] else None  # type: ignore[operator, return-value]

    def problems(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Nothing beyond what is wrong with every question."""
        return ()

    def metric(self, label: str) -> Metric:
        """The mean and the spread."""
        return ScoreMetric(label, "answered", self.key, SCALE, nps=self.nps)


class Option(Body):
    """One answer to choose."""

    key: ItemKey = Field(default_factory=item_key)
    label: Phrase = form_field("Answer", default="")


class Choice(Body):
    """One answer of several, or as many as apply."""

    title: ClassVar[str] = "Choice"
    type: Literal["choice"] = "choice"
    key: ItemKey = Field(default_factory=item_key)
    question: Phrase = form_field("Question", default="")
    several: bool = form_field("Several answers may be chosen", default=False)
    choices: list[Option] = form_field("Answers", default_factory=lambda: [Option(), Option()], max_length=20)
    required: bool = form_field("Needs an answer", default=True)

    def read(self, value: object) -> str | list[str] | None:
        """The key chosen, or the list of keys where several may be; None for any that is not there."""
        known = {option.key for option in self.choices}
        if not self.several:
            return value if isinstance(value, str) and value in known else None
        if not isinstance(value, list) or not value or not all(isinstance(key, str) and key in known for key in value):
            return None
        return value if len(set(value)) == len(value) else None

    def problems(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Too few answers, or one without words."""
        if len(self.choices) < 2:
            yield ("choices",), "Add at least two answers."
        for number, option in enumerate(self.choices):
            if not option.label:
                yield ("choices", number, "label"), "Write the answer."

    def metric(self, label: str) -> Metric:
        """How many chose each."""
        return Distribution(label, "answered", self.key, [(option.key, option.label) for option in self.choices])


class Text(Body):
    """An answer in words."""

    title: ClassVar[str] = "Text"
    type: Literal["text"] = "text"
    key: ItemKey = Field(default_factory=item_key)
    question: Phrase = form_field("Question", default="")
    required: bool = form_field("Needs an answer", default=False)

    def read(self, value: object) -> str | None:
        """The text without space around it; None for none, or for too long a one."""
        text = value.strip() if isinstance(value, str) else ""
        return text if text and len(value) <= LONGEST_TEXT else None  # type: ignore[arg-type]

    def problems(self) -> Iterable[tuple[tuple[str | int, ...], str]]:
        """Nothing beyond what is wrong with every question."""
        return ()

    def metric(self, label: str) -> Metric:
        """What people wrote."""
        return Answers(label, "answered", self.key)


Question = Annotated[Score | Choice | Text, Field(discriminator="type")]


class SurveyBody(Body):
    """The questions, and what is said before and after them."""

    title: Phrase = form_field("Title", "What a screen reader calls the survey; it stands above the questions.", default="")
    questions: list[Question] = form_field("Questions", variants_label="Question", default_factory=list, max_length=20)
    thanks: Phrase = form_field("Thank-you", "Said after the last answer; empty says it in the survey's own words.", default="")


class Survey(Kind):
    """Asks one question after the other; each answer counts from the moment it is given."""

    slug = "survey"
    label = "Survey"
    plural = "Surveys"
    purpose = "Ask a few questions, one at a time."
    default_lane = Lane.CORNER
    events = {"answered": Effect.DONE}
    capabilities = frozenset({Capability.LISTED})
    Body = SurveyBody

    def starter(self) -> SurveyBody:
        """How likely people are to recommend the product, and why."""
        return SurveyBody(
            title="Your opinion",
            questions=[
                Score(question="How likely are you to recommend us to a colleague?", low="Not likely", high="Very likely"),
                Text(question="What is the main reason for your score?"),
            ],
        )

    def templates(self) -> Sequence[Template]:
        """The net promoter score, and how people came to the product."""
        first_steps = SurveyBody(
            title="Your first days",
            questions=[
                Choice(
                    question="What do you want to do first?",
                    several=True,
                    choices=[Option(label=label) for label in ("Look around", "Bring in my data", "Invite my team")],
                ),
                Score(question="How easy was it to begin?", low="Hard", high="Easy", nps=False),
                Text(question="What was missing?"),
            ],
        )
        return (
            Template("recommend", "Would they recommend it?", "A score from 0 to 10, and why.", self.starter()),
            Template("first_days", "The first days", "What people came for, how easy it was, and what was missing.", first_steps),
        )

    def check(self, body: SurveyBody) -> Iterable[Problem]:
        """No question at all, one without words, or one that cannot be answered."""
        if not body.title:
            yield Problem(("title",), "Give the survey a title.")
        if not body.questions:
            yield Problem(("questions",), "Add a question.")
        for number, question in enumerate(body.questions):
            if not question.question:
                yield Problem(("questions", number, "question"), "Write the question.")
            for path, message in question.problems():
                yield Problem(("questions", number, *path), message)

    def read(self, event: Event, body: SurveyBody) -> Event | None:
        """The answer, if its question takes it; anything else is forged."""
        if event.name != "answered":
            return event
        question = _question(body, event.item)
        value = question.read(event.props.get("value")) if question else None
        return None if value is None else replace(event, props={"value": value})

    def advance(self, progress: Progress, event: Event, body: SurveyBody) -> Iterable[SetAttribute]:
        """An answered question is done; its score becomes the attribute the author named."""
        super().advance(progress, event, body)
        question = _question(body, event.item) if event.name == "answered" else None
        if isinstance(question, Score) and question.attribute:
            value = question.read(event.props.get("value"))
            if value is not None:
                return (SetAttribute(question.attribute, value),)
        return ()

    def listing(self, body: SurveyBody) -> Listing:
        """Its title, and its first question."""
        return Listing(body.title, body.questions[0].question if body.questions else "")

    def metrics(self, body: SurveyBody) -> Sequence[Metric]:
        """One for each question, in order."""
        return [question.metric(item.label) for question, item in zip(body.questions, self.items(body), strict=True)]


def _question(body: SurveyBody, key: str | None) -> Any:
    return next((question for question in body.questions if question.key == key), None)


kind = Survey()
