"""Who sees a guide, where it starts and how often; saved as it is changed, under the same revision as the draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import rule_form, rule_text
from admin.forms.diff import Difference
from admin.forms.event_form import PROPERTY_OPERATORS, EventForm, edit_rows, event_from_post, from_event, read_target, to_event
from admin.forms.read import check_storable
from admin.forms.rule_form import RuleForm, RuleRow, from_post, from_rule, is_index, to_rule, value_problem
from admin.forms.trigger_form import TriggerForm, from_trigger, to_trigger, trigger_from_post
from admin.i18n.translate import gettext as _
from admin.pages.guides.conflict import ConflictView
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

MAX_SUGGESTED = 12
NUMBERS = ("priority", "delay_seconds", "repeat_after_days")
SIMPLE_SETTINGS = ("frequency", "start", *NUMBERS)
EVENTS = ("event", "cancel_event")


async def show(request: Request) -> Response:
    """The settings as they are stored."""
    guide = await guide_for(request, Role.VIEWER)
    settings = {**DEFAULT_SETTINGS, **guide.settings}
    return page(request, "guides/audience.html", **await _context(request, guide, _from_settings(settings)))


async def render_settings(request: Request, guide: Guide) -> Response:
    """The settings as they are stored, after an undo or redo."""
    if not is_htmx(request):
        return see_other(request, url_for(request, "guide_audience", guide=guide.id))
    await guide.fetch_related("project", "edited_by")
    context = await _context(request, guide, _from_settings({**DEFAULT_SETTINGS, **guide.settings}))
    return partial(request, "guides/audience.html", "changed", **context)


async def save(request: Request) -> Response:
    """Store the settings as they were posted, after the row or group that a button adds or removes."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    form = _read(guide, posted)
    command = str(posted.get("_do", ""))
    _edit(form, command)
    settings = _settings(guide, posted, form)
    check_storable(settings)
    try:
        guide = await drafts.save_draft(guide, revision=read_revision(posted), by=member_of(request), settings=settings)
    except Conflict as conflict:
        return await _conflict(request, guide, posted, settings, conflict)
    if not is_htmx(request) and not command:
        return see_other(request, url_for(request, "guide_audience", guide=guide.id))
    await guide.fetch_related("project", "edited_by")
    context = await _context(request, guide, form, _focus(form, command))
    if not is_htmx(request):
        return page(request, "guides/audience.html", **context)  # an empty row is in no stored rule, only in this page
    return partial(request, "guides/audience.html", "changed" if command else "saved", **context)


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
class SettingsForm:
    """The whole form: the audience, the trigger, and the events that start the guide or cancel its start."""

    audience: RuleForm
    trigger: TriggerForm
    events: dict[str, EventForm]


def _from_settings(settings: dict[str, Any]) -> SettingsForm:
    events = {name: from_event(settings.get(name)) for name in EVENTS}
    return SettingsForm(from_rule(settings["audience"]), from_trigger(settings["trigger"]), events)


def _read(guide: Guide, posted: FormData) -> SettingsForm:
    """The form as it was posted; an event without inputs on the page stays as it was."""
    pairs = form_pairs(posted)
    events = {name: event_from_post(pairs, name) if f"{name}.name" in posted else from_event(guide.settings.get(name)) for name in EVENTS}
    return SettingsForm(from_post(pairs, "rule"), trigger_from_post(posted), events)


def _settings(guide: Guide, posted: FormData, form: SettingsForm) -> dict[str, Any]:
    settings = {**DEFAULT_SETTINGS, **guide.settings, "audience": to_rule(form.audience), "trigger": to_trigger(form.trigger)}
    for name in SIMPLE_SETTINGS:
        text = str(posted.get(name, "")).strip()
        if text:
            settings[name] = int(text) if name in NUMBERS and text.isascii() and text.isdigit() and len(text) < 6 else text
    if "delay_seconds" in posted and settings.get("delay_seconds") and not str(posted["delay_seconds"]).strip():
        settings["delay_seconds"] = 0
    optional = {name: to_event(event) for name, event in form.events.items()} | {"click": read_target(posted, guide.settings.get("click"))}
    return settings | {name: value for name, value in optional.items() if value is not None or name in settings}


def _edit(form: SettingsForm, command: str) -> None:
    """Add or remove a row or group: "row:0", "drop:0.1", "event-drop:2" and so on."""
    action, _colon, position = command.partition(":")
    name, _dash, event_action = action.partition("-")
    if name in EVENTS and event_action:
        edit_rows(form.events[name], event_action, position)
    elif action == "start-over-trigger":
        form.trigger.raw = None
    else:
        rule_form.edit(form.audience, action, position)


def _focus(form: SettingsForm, command: str) -> str:
    """The id of the input to focus next: the one that was added, or the one in the place of what was removed."""
    action, _colon, position = command.partition(":")
    name, _dash, event_action = action.partition("-")
    if name in EVENTS and event_action in ("row", "drop"):
        rows = len(form.events[name].rows)
        return f"{name}-groups-0-rows-{rows - 1}-name" if rows else f"{name}-name"
    if action not in ("group", "row", "drop"):
        return ""
    groups = form.audience.groups
    number = position.partition(".")[0]
    group = int(number) if is_index(number, groups) else len(groups) - 1
    return f"rule-groups-{group}-rows-{len(groups[group].rows) - 1}-name" if groups else "add-group"


async def _context(request: Request, guide: Guide, form: SettingsForm, focus: str = "") -> dict[str, Any]:
    context = context_of(request)
    header = await guide_header(request, guide)
    for row in [*_rows(form.audience), *(row for event in form.events.values() for row in event.rows)]:
        row.problem = value_problem(row)
    people, companies = await list_attribute_names(context.environment), await list_attribute_names(context.environment, "company")
    return {
        "header": header,
        "tab": "guide_audience",
        "saves": True,
        "rule": form.audience,
        "trigger": form.trigger,
        "event": form.events["event"],
        "cancel_event": form.events["cancel_event"],
        "settings": {**DEFAULT_SETTINGS, "repeat_after_days": 7, "delay_seconds": 0, **guide.settings},
        "click": {"by": "text", "value": "", **(guide.settings.get("click") or {})},
        "operators": [(operator.name, _(operator.label)) for operator in OPERATORS.values()],
        "properties": [(name, _(OPERATORS[name].label)) for name in PROPERTY_OPERATORS],
        "starts": [(name, _(label)) for name, label in rule_text.STARTS.items()],
        "frequencies": [(name, _(label)) for name, label in rule_text.FREQUENCIES.items()],
        "condition_text": rule_text.condition,
        "attribute_names": {"person": people, "company": companies},
        "attribute_values": await _suggested_values(form.audience, context.environment),
        "errors": _errors(header, form),
        "focus": focus,
    }


async def _suggested_values(rule: RuleForm, environment: Any) -> dict[str, list[str]]:
    """The values that recently seen people have, for the first attributes of a rule; one query for each."""
    attributes = dict.fromkeys((row.of, row.name) for row in _rows(rule) if row.name)
    return {f"{of}-{name}": await list_attribute_values(environment, name, of) for of, name in list(attributes)[:MAX_SUGGESTED]}


def _errors(header: GuideHeader, form: SettingsForm) -> dict[str, list[str]]:
    """Problems of the settings by field; those of a rule only where no row shows its own."""
    errors: dict[str, list[str]] = {}
    for problem in header.problems:
        if problem.path[:1] == ("settings",) and len(problem.path) > 1:
            errors.setdefault(str(problem.path[1]), []).append(_(problem.message))
    rows = {"audience": _rows(form.audience)} | {name: event.rows for name, event in form.events.items()}
    return {name: texts for name, texts in errors.items() if not any(row.problem for row in rows.get(name, ()))}


def _rows(rule: RuleForm) -> list[RuleRow]:
    return [row for group in rule.groups for row in group.rows]


def _number(value: Any) -> str:
    return "" if value is None else str(value)


async def _conflict(request: Request, guide: Guide, posted: FormData, mine: dict[str, Any], conflict: Conflict) -> Response:
    conflict_view = ConflictView(
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
            request, partial(request, "guides/audience.html", "conflict", status=409, conflict=conflict_view), **{"handrail:conflict": {}}
        )
    context = await _context(request, guide, _from_settings(mine))
    return page(request, "guides/audience.html", status=409, conflict=conflict_view, **context)


def _differences(theirs: dict[str, Any], mine: dict[str, Any]) -> list[Difference]:
    fields: dict[str, tuple[str, Callable[[Any], str]]] = {
        "audience": (_("Audience"), rule_text.audience),
        "trigger": (_("Starts"), rule_text.trigger),
        "frequency": (_("How often"), rule_text.frequency),
        "repeat_after_days": (_("Days in between"), _number),
        "start": (_("Start"), lambda name: rule_text.start({"start": name})),
        "event": (_("Event"), rule_text.event),
        "click": (_("The element people click"), rule_text.element),
        "delay_seconds": (_("Wait"), _number),
        "cancel_event": (_("Call it off when this happens"), rule_text.event),
        "priority": (_("Priority"), str),
    }
    return [
        Difference(label, as_text(theirs.get(name)), as_text(mine.get(name)))
        for name, (label, as_text) in fields.items()
        if theirs.get(name) != mine.get(name)
    ]


PAGES = [
    Page("guide_audience", "/guides/{guide}/audience", show, access=Role.VIEWER),
    Page("guide_audience_save", "/guides/{guide}/audience", save, ["POST"], Role.EDITOR),
    Page("guide_audience_count", "/guides/{guide}/audience/count", count, access=Role.VIEWER),
]
