"""Who sees a guide, where it starts and how often; saved as it is changed, under the same revision as the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import rule_text as sentences
from admin.forms.diff import Difference
from admin.forms.event_form import PROPERTY_OPERATORS, Happening, change_lines, close_happening, open_happening, read_happening, read_target
from admin.forms.read import check_storable
from admin.forms.rule_form import Book, Group, Line, close_book, open_book, read_book, value_problem
from admin.forms.trigger_form import Occasion, close_occasion, open_occasion, read_occasion
from admin.i18n.translate import gettext as _
from admin.pages.guides.editor_context import ConflictView
from admin.pages.guides.header import GuideHeader, form_pairs, guide_header, read_form, read_revision
from admin.web.access import Page, context_of, guide_for
from admin.web.responses import is_htmx, page, partial, see_other, with_triggers
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.errors import Conflict
from guides.fields import parse_rule
from guides.models import Guide, Role
from guides.people.audience_size import count_matching, list_attribute_names, list_attribute_values
from guides.publishing import drafts
from guides.publishing.drafts import DEFAULT_SETTINGS
from guides.rules.operators import OPERATORS

VALUES_FOR = 12
PLAIN = ("frequency", "start", "priority", "wait", "days")
NUMBERS = ("priority", "wait", "days")
AWAITED = ("event", "cancel")


async def look(request: Request) -> Response:
    """The settings as they are stored."""
    guide = await guide_for(request, Role.VIEWER)
    settings = {**DEFAULT_SETTINGS, **guide.settings}
    given = await _shown(request, guide, _opened(settings))
    return page(request, "guides/audience.html", **given)


async def redrawn(request: Request, guide: Guide) -> Response:
    """The settings as they are stored, after an undo or redo."""
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide_audience", guide=guide.id))
    await guide.fetch_related("project", "edited_by")
    context = await _shown(request, guide, _opened({**DEFAULT_SETTINGS, **guide.settings}))
    return partial(request, "guides/audience.html", "changed", **context)


async def save(request: Request) -> Response:
    """Store the settings as they were posted; a button may add or take away a line or a group on the way."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    sheet = _read(guide, posted)
    act = str(posted.get("_do", ""))
    _change(sheet, act)
    settings = _settings(guide, posted, sheet)
    check_storable(settings)
    try:
        guide = await drafts.save_draft(guide, revision=read_revision(posted), by=member_of(request), settings=settings)
    except Conflict as conflict:
        return await _clash(request, guide, posted, settings, conflict)
    if not is_htmx(request) and not act:
        return see_other(request, url_for(request, "guide_audience", guide=guide.id))
    await guide.fetch_related("project", "edited_by")
    given = await _shown(request, guide, sheet, _focus(sheet, act))
    if not is_htmx(request):
        return page(request, "guides/audience.html", **given)  # a line without words is in no rule yet, so it lives in this page only
    return partial(request, "guides/audience.html", "changed" if act else "saved", **given)


async def count(request: Request) -> Response:
    """How many people match now."""
    guide = await guide_for(request, Role.VIEWER)
    context = context_of(request)
    try:
        rule = parse_rule(guide.settings.get("audience"))
    except ValidationError:
        return partial(request, "guides/audience.html", "counted", matching=None, everybody=0)
    matching, everybody = await count_matching(context.environment, rule)
    return partial(request, "guides/audience.html", "counted", matching=matching, everybody=everybody)


@dataclass(slots=True)
class Sheet:
    """The whole form: the audience, where and when, and the events that are waited for."""

    book: Book
    occasion: Occasion
    awaited: dict[str, Happening]


def _opened(settings: dict[str, Any]) -> Sheet:
    awaited = {name: open_happening(settings.get(name)) for name in AWAITED}
    return Sheet(open_book(settings["audience"]), open_occasion(settings["trigger"]), awaited)


def _read(guide: Guide, posted: FormData) -> Sheet:
    """What was posted; an event whose fields were not on the page is as it was."""
    pairs = form_pairs(posted)
    awaited = {
        name: read_happening(pairs, name) if f"{name}.name" in posted else open_happening(guide.settings.get(name)) for name in AWAITED
    }
    return Sheet(read_book(pairs, "rule"), read_occasion(posted), awaited)


def _settings(guide: Guide, posted: FormData, sheet: Sheet) -> dict[str, Any]:
    settings = {**DEFAULT_SETTINGS, **guide.settings, "audience": close_book(sheet.book), "trigger": close_occasion(sheet.occasion)}
    for name in PLAIN:
        text = str(posted.get(name, "")).strip()
        if text:
            settings[name] = int(text) if name in NUMBERS and text.isascii() and text.isdigit() and len(text) < 6 else text
    if "wait" in posted and settings.get("wait") and not str(posted["wait"]).strip():
        settings["wait"] = 0
    later = {name: close_happening(each) for name, each in sheet.awaited.items()} | {
        "click": read_target(posted, guide.settings.get("click"))
    }
    return settings | {name: value for name, value in later.items() if value is not None or name in settings}


def _change(sheet: Sheet, act: str) -> None:
    what, _colon, where = act.partition(":")
    name, _dash, how = what.partition("-")
    if name in AWAITED and how:
        change_lines(sheet.awaited[name], how, where)
    elif what == "start-over-trigger":
        sheet.occasion.kept = None
    else:
        _change_book(sheet.book, what, where)


def _change_book(book: Book, what: str, where: str) -> None:
    group, _dot, line = where.partition(".")
    if what == "group":
        book.groups.append(Group(leaves_out=where == "out", lines=[Line()]))
    elif what == "start-over":
        book.kept = None
    elif what == "line" and _within(group, book.groups):
        book.groups[int(group)].lines.append(Line())
    elif what == "drop" and _within(group, book.groups):
        _drop(book, int(group), line)


def _focus(sheet: Sheet, act: str) -> str:
    """The field in which the hands go on: what was added, or what stands where something was taken away."""
    what, _colon, where = act.partition(":")
    name, _dash, how = what.partition("-")
    if name in AWAITED and how in ("line", "drop"):
        lines = len(sheet.awaited[name].lines)
        return f"{name}-groups-0-lines-{lines - 1}-name" if lines else f"{name}-name"
    if what not in ("group", "line", "drop"):
        return ""
    groups = sheet.book.groups
    number = where.partition(".")[0]
    at = int(number) if _within(number, groups) else len(groups) - 1
    return f"rule-groups-{at}-lines-{len(groups[at].lines) - 1}-name" if groups else "add-group"


def _drop(book: Book, group: int, line: str) -> None:
    held = book.groups[group].lines
    if _within(line, held):
        held.pop(int(line))
    if not held or not line:
        book.groups.pop(group)


def _within(number: str, held: list[Any]) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 5 and int(number) < len(held)


async def _shown(request: Request, guide: Guide, sheet: Sheet, focus: str = "") -> dict[str, Any]:
    context = context_of(request)
    header = await guide_header(request, guide)
    for line in [*_lines(sheet.book), *(line for each in sheet.awaited.values() for line in each.lines)]:
        line.problem = value_problem(line)
    people, companies = await list_attribute_names(context.environment), await list_attribute_names(context.environment, "company")
    return {
        "header": header,
        "tab": "guide_audience",
        "saves": True,
        "book": sheet.book,
        "occasion": sheet.occasion,
        "event": sheet.awaited["event"],
        "cancel": sheet.awaited["cancel"],
        "settings": {**DEFAULT_SETTINGS, "days": 7, "wait": 0, **guide.settings},
        "click": {"by": "text", "value": "", **(guide.settings.get("click") or {})},
        "operators": [(operator.name, _(operator.label)) for operator in OPERATORS.values()],
        "properties": [(name, _(OPERATORS[name].label)) for name in PROPERTY_OPERATORS],
        "starts": [(word, _(label)) for word, label in sentences.STARTS.items()],
        "frequencies": [(word, _(label)) for word, label in sentences.FREQUENCIES.items()],
        "said": sentences.condition,
        "names": {"person": people, "company": companies},
        "values": await _values(sheet.book, context.environment),
        "wrong": _wrong(header, sheet),
        "focus": focus,
    }


async def _values(book: Book, environment: Any) -> dict[str, list[str]]:
    """What attributes asked about are worth among people seen lately, to choose from."""
    asked = dict.fromkeys((line.of, line.name) for group in book.groups for line in group.lines if line.name)
    return {f"{of}-{name}": await list_attribute_values(environment, name, of) for of, name in list(asked)[:VALUES_FOR]}


def _wrong(header: GuideHeader, sheet: Sheet) -> dict[str, list[str]]:
    """Problems of the settings by field; of lines only those no line says already."""
    found: dict[str, list[str]] = {}
    for problem in header.problems:
        if problem.path[:1] == ("settings",) and len(problem.path) > 1:
            found.setdefault(str(problem.path[1]), []).append(_(problem.message))
    said = {"audience": _lines(sheet.book)} | {name: each.lines for name, each in sheet.awaited.items()}
    return {name: texts for name, texts in found.items() if not any(line.problem for line in said.get(name, ()))}


def _lines(book: Book) -> list[Line]:
    return [line for group in book.groups for line in group.lines]


def _number(value: Any) -> str:
    return "" if value is None else str(value)


async def _clash(request: Request, guide: Guide, posted: FormData, mine: dict[str, Any], conflict: Conflict) -> Response:
    clash = ConflictView(
        by=conflict.theirs["by"],
        at=conflict.theirs["at"],
        revision=conflict.revision,
        differences=_differences(conflict.theirs["settings"], mine),
        posted=[(name, value) for name, value in form_pairs(posted) if name not in ("_csrf", "_revision", "_do")],
        action=str(request.url.path),
        back=url_for(request, "guide_audience", guide=guide.id),
    )
    if is_htmx(request):
        return with_triggers(
            request, partial(request, "guides/audience.html", "conflict", status=409, conflict=clash), **{"handrail:conflict": {}}
        )
    given = await _shown(request, guide, _opened(mine))
    return page(request, "guides/audience.html", status=409, conflict=clash, **given)


def _differences(theirs: dict[str, Any], mine: dict[str, Any]) -> list[Difference]:
    words: dict[str, tuple[str, Callable[[Any], str]]] = {
        "audience": (_("Audience"), sentences.audience),
        "trigger": (_("Starts"), sentences.occasion),
        "frequency": (_("How often"), sentences.frequency),
        "days": (_("Days in between"), _number),
        "start": (_("Start"), lambda word: sentences.starts({"start": word})),
        "event": (_("Event"), sentences.happening),
        "click": (_("The element people click"), sentences.element),
        "wait": (_("Wait"), _number),
        "cancel": (_("Call it off when this happens"), sentences.happening),
        "priority": (_("Priority"), str),
    }
    return [
        Difference(label, say(theirs.get(name)), say(mine.get(name)))
        for name, (label, say) in words.items()
        if theirs.get(name) != mine.get(name)
    ]


PAGES = [
    Page("guide_audience", "/guides/{guide}/audience", look, access=Role.VIEWER),
    Page("guide_audience_save", "/guides/{guide}/audience", save, ["POST"], Role.EDITOR),
    Page("guide_audience_count", "/guides/{guide}/audience/count", count, access=Role.VIEWER),
]
