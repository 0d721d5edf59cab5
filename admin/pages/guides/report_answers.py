"""What people answered, as the report shows it: figures, bars with shares, and texts with who wrote them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.i18n.translate import ngettext
from guides.reports.answers import Answer, AnswerResult, AnswersResult, DistributionResult, NetPromoterScore, ScoreResult

TEXT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its label and a comparison as text."""

    label: str
    value: str
    more: str = ""
    delta: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a distribution: how many people, and their share such as 34%."""

    label: str
    people: int
    share: str


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """One row of the table of texts: what was written, by whom and when."""

    text: str
    name: str
    sub: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One metric of answers: as figures and bars, or as texts; `more` says that not all texts are there."""

    label: str
    count: int
    counted: str
    figures: Sequence[Figure] = ()
    bars: Sequence[Bar] = ()
    texts: Sequence[TextAnswer] = ()
    more: str = ""


def answer_card(result: AnswerResult) -> AnswerCard:
    """Returns what the report shows of one metric."""
    counted = ngettext("%(num)s person answered", "%(num)s people answered", result.count) % {"num": i18n.number(result.count)}
    label = _(result.label)
    if isinstance(result, AnswersResult):
        return AnswerCard(label, result.count, counted, texts=[_text_answer(answer) for answer in result.answers], more=_more(result))
    if isinstance(result, DistributionResult):
        bars = [Bar(choice.label, choice.people, _percent(choice.people, result.count)) for choice in result.choices]
        return AnswerCard(label, result.count, counted, bars=bars)
    bars = [Bar(i18n.number(value), people, _percent(people, result.count)) for value, people in result.values]
    return AnswerCard(label, result.count, counted, _score_figures(result), bars)


def person_names(attributes: Mapping[str, Any], external_id: str | None) -> tuple[str, str]:
    """Returns what a person is called, and the line beneath it: the address, or the id where there is a name."""
    name = str(attributes.get("name") or external_id or _("Not signed in"))
    sub = str(attributes.get("email") or (external_id if attributes.get("name") else "") or "")
    return name[:80], sub[:80]


def _score_figures(score: ScoreResult) -> list[Figure]:
    if score.mean is None:
        return []
    ends = {"first": i18n.number(score.scale[0]), "last": i18n.number(score.scale[1])}
    mean = Figure(_("Mean"), i18n.number(round(score.mean, 1)), _("on a scale from %(first)s to %(last)s") % ends)
    return [mean] if score.nps is None else [*_nps_figures(score.nps, score.count), mean]


def _nps_figures(nps: NetPromoterScore, count: int) -> list[Figure]:
    points = round(nps.points or 0)
    value = f"{points:+d}".replace("-", "−") if points else "0"
    return [
        Figure(_("Net promoter score"), value, _("promoters less detractors, from −100 to 100")),
        Figure(_("Promoters"), _percent(nps.promoters, count), _("gave 9 or 10")),
        Figure(_("Passives"), _percent(nps.passives, count), _("gave 7 or 8")),
        Figure(_("Detractors"), _percent(nps.detractors, count), _("gave 0 to 6")),
    ]


def _percent(people: int, count: int) -> str:
    return f"{round(100 * people / count)}%" if count else "–"


def _text_answer(answer: Answer) -> TextAnswer:
    name, sub = person_names(answer.attributes, answer.external_id)
    text = answer.text if len(answer.text) <= TEXT_LENGTH else f"{answer.text[:TEXT_LENGTH]}…"
    return TextAnswer(text, name, sub, answer.at)


def _more(result: AnswersResult) -> str:
    shown = len(result.answers)
    if shown == result.count:
        return ""
    return _("The newest %(shown)s of %(count)s.") % {"shown": i18n.number(shown), "count": i18n.number(result.count)}
