"""One question, a few answers, one click."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field

from guides.fields import ItemKey, Phrase, form_field, item_key
from guides.kind import Body, Count, CountByItem, Effect, Feature, Kind, Lane, Metric, Problem


class Choice(Body):
    """One answer."""

    key: ItemKey = Field(default_factory=item_key)
    label: Phrase = form_field("Answer", default="")


class PollBody(Body):
    """What is asked, and the answers to choose from."""

    question: Phrase = form_field("Question", default="")
    choices: Annotated[list[Choice], Field(max_length=6)] = form_field("Answers", default_factory=list)
    thanks: Phrase = form_field("What it says after a vote", default="Thank you")


class Poll(Kind):
    """Asks one thing in the corner of the page."""

    slug, label, plural = "poll", "Poll", "Polls"
    purpose = "Ask one quick question."
    default_lane = Lane.CORNER
    events = {"voted": Effect.DONE}
    Body = PollBody

    def starter(self) -> PollBody:
        """A question that most products could ask."""
        return PollBody(question="Did you find what you came for?", choices=[Choice(key="yes", label="Yes"), Choice(key="no", label="No")])

    def check(self, body: PollBody) -> Iterator[Problem]:
        """There is a question, and something to choose."""
        if not body.question:
            yield Problem(("question",), "the poll asks nothing")
        if len(body.choices) < 2:
            yield Problem(("choices",), "a poll needs two answers or more")
        for number, choice in enumerate(body.choices):
            if not choice.label:
                yield Problem(("choices", number, "label"), "the answer is empty")

    def features(self, body: PollBody) -> frozenset[Feature]:
        """It stands in the corner of the page."""
        return frozenset({Feature.MOUNT})

    def metrics(self, body: PollBody) -> Sequence[Metric]:
        """How many voted, and for what."""
        return (Count("Voted", "voted"), CountByItem("Votes", "voted", [(choice.key, choice.label) for choice in body.choices]))


kind = Poll()
