"""What people answered: scores, choices and texts, each person's latest answer to one item counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guides.database import as_json, as_time, rows, sql
from guides.kind import Answers, Distribution, Metric, Score

TEXTS_SHOWN = 50
REMOVED_CHOICES_SHOWN = 20
MAX_VALUE_LENGTH = 4000
"""A score or choice that is longer as JSON is nobody's answer: it is not read, so that nobody fills the memory with them."""
_KEY_LENGTH = 40
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class NetPromoterScore:
    """People by what they gave on a scale from 0 to 10: promoters 9 and 10, detractors 0 to 6."""

    promoters: int
    passives: int
    detractors: int

    @property
    def points(self) -> float | None:
        """From -100 to 100; None while nobody answered."""
        people = self.promoters + self.passives + self.detractors
        return 100 * (self.promoters - self.detractors) / people if people else None


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """How many people scored, their mean, and how many gave each whole number of the scale."""

    label: str
    scale: tuple[int, int]
    count: int
    mean: float | None
    values: Sequence[tuple[int, int]]
    nps: NetPromoterScore | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice: how many people made it, and their share (0 to 1) of those who answered."""

    key: str
    label: str
    people: int
    share: float


@dataclass(frozen=True, slots=True)
class DistributionResult:
    """How many people answered, and what they chose; choices that are no longer offered come last, under their key."""

    label: str
    count: int
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person wrote; `external_id` is None while the person is anonymous."""

    text: str
    external_id: str | None
    attributes: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswersResult:
    """How many people wrote something, and the newest of it, 50 texts at most."""

    label: str
    count: int
    answers: Sequence[Answer]


AnswerResult = ScoreResult | DistributionResult | AnswersResult


async def list_answers(metrics: Sequence[Metric], span: Mapping[str, Any]) -> list[AnswerResult]:
    """The results of those metrics that count answers, in their order; one query each.

    `span` names environment, guide, since and until (UTC days, both included). An answer that is not on the scale, no known form of
    choice or no text counts as none, and takes back what the same person answered before.
    """
    results: list[AnswerResult] = []
    for metric in metrics:
        if isinstance(metric, Score):
            results.append(_score(metric, await _count_answers(metric, span)))
        elif isinstance(metric, Distribution):
            results.append(_distribution(metric, await _count_answers(metric, span)))
        elif isinstance(metric, Answers):
            results.append(await _texts(metric, span))
    return results


async def _count_answers(metric: Score | Distribution, span: Mapping[str, Any]) -> list[tuple[Any, int]]:
    """Each value with how many people answered it last; equal values may come more than once, for JSON writes them in several ways."""
    counted = await rows(sql("reports.answer_counts"), name=metric.event, item=metric.item, longest=MAX_VALUE_LENGTH, **span)
    return [(as_json(row["value"]), int(row["people"])) for row in counted]


def _score(metric: Score, counted: Sequence[tuple[Any, int]]) -> ScoreResult:
    first, last = metric.scale
    people: Counter[int] = Counter()
    for value, number in counted:
        if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value) and first <= value <= last:
            people[int(value)] += number
    count = people.total()
    mean = sum(value * number for value, number in people.items()) / count if count else None
    values = [(value, people[value]) for value in range(first, last + 1)]
    return ScoreResult(metric.label, metric.scale, count, mean, values, _net_promoter_score(people) if metric.nps else None)


def _net_promoter_score(people: Counter[int]) -> NetPromoterScore:
    promoters = sum(number for value, number in people.items() if 9 <= value <= 10)
    detractors = sum(number for value, number in people.items() if 0 <= value <= 6)
    return NetPromoterScore(promoters, people.total() - promoters - detractors, detractors)


def _distribution(metric: Distribution, counted: Sequence[tuple[Any, int]]) -> DistributionResult:
    people: Counter[str] = Counter()
    count = 0
    for value, number in counted:
        keys = {key for key in (value if isinstance(value, list) else [value]) if isinstance(key, str) and 0 < len(key) <= _KEY_LENGTH}
        people.update(dict.fromkeys(keys, number))
        count += number if keys else 0
    labels = dict(metric.choices)
    removed = sorted((key for key in people if key not in labels), key=lambda key: (-people[key], key))
    listed = [*labels.items(), *((key, key) for key in removed[:REMOVED_CHOICES_SHOWN])]
    choices = [Choice(key, label, people[key], people[key] / count if count else 0.0) for key, label in listed]
    return DistributionResult(metric.label, count, choices)


async def _texts(metric: Answers, span: Mapping[str, Any]) -> AnswersResult:
    listed = await rows(sql("reports.answer_texts"), name=metric.event, item=metric.item, blank=_BLANK, most=TEXTS_SHOWN, **span)
    return AnswersResult(metric.label, int(listed[0]["total"]) if listed else 0, [_answer(row) for row in listed])


def _answer(row: Mapping[str, Any]) -> Answer:
    occurred_at = as_time(row["occurred_at"])
    assert occurred_at is not None
    return Answer(row["text"].strip(_BLANK), row["external_id"], as_json(row["attributes"]) or {}, occurred_at)
