"""The publish dialog with its checks, and unpublishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import rule_text
from admin.forms.diff import differences
from admin.forms.form import Field, build_form
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.i18n.translate import ngettext
from admin.pages.guides.header import GuideHeader, guide_header, read_form
from admin.web.access import Page, context_of, guide_for
from admin.web.responses import flash, is_htmx, page, partial, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.errors import NotReady, Unknown
from guides.fields import parse_rule
from guides.kind import Problem
from guides.models import Environment, Guide, Role
from guides.people.audience_size import count_matching
from guides.publishing import publish as publishing
from guides.publishing.diff import preview_body


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list: done, wait (a warning) or no (blocks publishing), with the address where to fix it."""

    tick: str
    text: str
    more: str = ""
    fix: str = ""


async def confirm(request: Request) -> Response:
    """The publish dialog: the checks, the changes and the environments to choose from."""
    return await _dialog(request, await guide_for(request, Role.EDITOR))


async def publish(request: Request) -> Response:
    """Publish the draft in the environment that was chosen."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await read_form(request)
    environment = _environment_field_path(request, str(posted.get("environment", "")))
    try:
        version = await publishing.publish(guide, environment, member_of(request), str(posted.get("note", "")))
    except NotReady as error:
        return await _dialog(request, guide, status=422, problems=error.problems)
    flash(request, _("Version %(number)s is live in %(environment)s.") % {"number": version.number, "environment": environment.name})
    return see_other(request, url_for(request, "guide", guide=guide.id, environment=environment))


async def retire(request: Request) -> Response:
    """Unpublish the guide in this environment."""
    guide = await guide_for(request, Role.EDITOR)
    context = context_of(request)
    if await publishing.unpublish(guide, context.environment, member_of(request)):
        flash(request, _("Nobody sees it in %(environment)s any more.") % {"environment": context.environment.name})
    return see_other(request, url_for(request, "guide_versions", guide=guide.id))


async def _dialog(request: Request, guide: Guide, status: int = 200, problems: Sequence[Problem] | None = None) -> Response:
    header = await guide_header(request, guide, problems)
    context = context_of(request)
    checks = [*_failed_checks(request, header), *await _passed_checks(header, context.environment)]
    variables: dict[str, Any] = {
        "header": header,
        "tab": "",
        "inside": is_htmx(request),
        "saves": False,
        "checks": checks,
        "button": button_label(checks),
        "differences": _differences(header),
        "environments": context.environments,
        "here": context.environment,
    }
    if is_htmx(request):
        return partial(request, "guides/publish.html", "dialog", status=status, **variables)
    return page(request, "guides/publish.html", status=status, **variables)


def _failed_checks(request: Request, header: GuideHeader) -> list[Check]:
    """The problems as checks, the blocking ones first, each with a link to its field."""
    problems = sorted(header.problems, key=lambda problem: problem.warning)[:50]
    form = build_form(header.kind.Body, header.guide.draft)
    return [
        Check("wait" if problem.warning else "no", _sentence(problem), _field_path(form, problem), fix_url(request, header, problem))
        for problem in problems
    ]


async def _passed_checks(header: GuideHeader, environment: Environment) -> list[Check]:
    """The checks that passed, and the state of the audience. Costs one query."""
    checks: list[Check] = []
    if not header.blocking:
        checks.append(Check("done", _("Nothing is missing")))
    audience = rule_text.audience(header.guide.settings.get("audience"))
    try:
        matching, everybody = await count_matching(environment, parse_rule(header.guide.settings.get("audience")))
    except ValidationError:
        return checks
    counts = {"some": i18n.number(matching), "all": i18n.number(everybody)}
    if matching:
        checks.append(Check("done", _("The audience is not empty"), f"{audience}: " + _("%(some)s of %(all)s people now") % counts))
    elif everybody:
        checks.append(Check("wait", _("Nobody matches the audience now"), f"{audience}: " + _("0 of %(all)s people") % counts))
    else:
        checks.append(Check("wait", _("No people are known here yet"), _("It shows as soon as someone who matches opens a page.")))
    return checks


def fix_url(request: Request, header: GuideHeader, problem: Problem) -> str:
    """The URL of the field a problem is about."""
    if problem.path[:1] == ("settings",):
        return url_for(request, "guide_audience", guide=header.guide.id)
    url, item = url_for(request, "guide", guide=header.guide.id), _item(header, problem)
    name = "-".join(map(str, problem.path))
    return f"{url}?part={item.get('key', '')}#f-{name}" if item else f"{url}#f-{name}"


def _item(header: GuideHeader, problem: Problem) -> dict[str, Any]:
    if len(problem.path) < 2 or not isinstance(problem.path[1], int):
        return {}
    items = header.guide.draft.get(str(problem.path[0]))
    item = items[problem.path[1]] if isinstance(items, list) and problem.path[1] < len(items) else {}
    return item if isinstance(item, dict) else {}


def _field_path(form: Field, problem: Problem) -> str:
    """The field of a problem by the labels of the form: “Step 2 · Buttons”."""
    if problem.path[:1] == ("settings",):
        return _("Audience")
    field, labels = form, []
    for depth in range(1, len(problem.path) + 1):
        child = field.find(".".join(map(str, problem.path[:depth])))
        if child is None:
            break
        step = problem.path[depth - 1]
        if isinstance(step, int):
            labels.append(f"{_(field.item_title)} {step + 1}")
        elif child.widget != "list":
            labels.append(_(child.label))
        field = child
    return " · ".join(labels)


def _differences(header: GuideHeader) -> list[Any]:
    """The differences between the live version and the draft, field by field."""
    if header.version is None:
        return []
    return differences(header.kind.Body, header.version.body, preview_body(header.guide))


def _sentence(problem: Problem) -> str:
    text = _(problem.message)
    return f"{text[:1].upper()}{text[1:]}"


def _environment_field_path(request: Request, slug: str) -> Environment:
    context = context_of(request)
    environment = context.environment if not slug else next((each for each in context.environments if each.slug == slug), None)
    if environment is None:
        raise Unknown("There is no such environment here.")
    return environment


def button_label(checks: list[Check]) -> str:
    """The label of the publish button; it counts the warnings."""
    warnings = sum(check.tick == "wait" for check in checks)
    return (
        ngettext("Publish with %(num)s warning", "Publish with %(num)s warnings", warnings) % {"num": warnings}
        if warnings
        else _("Publish")
    )


PAGES = [
    Page("guide_publish", "/guides/{guide}/publish", confirm, access=Role.EDITOR),
    Page("guide_go_live", "/guides/{guide}/publish", publish, ["POST"], Role.EDITOR),
    Page("guide_retire", "/guides/{guide}/retire", retire, ["POST"], Role.EDITOR),
]
