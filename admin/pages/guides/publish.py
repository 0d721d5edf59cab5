"""Publish a guide, with what was checked, and take it off the air again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from admin.forms import rule_text as sentences
from admin.forms.diff import differences
from admin.forms.form import Field, draw
from admin.i18n import translate as i18n
from admin.i18n.translate import gettext as _
from admin.i18n.translate import ngettext
from admin.pages.guides.header import Around, around, posted_of
from admin.web.access import Page, context_of, guide_for
from admin.web.responses import flash, is_htmx, page, partial, see_other
from admin.web.sessions import member_of
from admin.web.urls import url_for
from guides.errors import NotReady, Unknown
from guides.fields import parse_rule
from guides.kind import Problem
from guides.models import Environment, Guide, Role
from guides.people.identify import count_matching
from guides.publishing.diff import preview_body
from guides.publishing.publish import publish, unpublish


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list: done, wait (a warning) or no (must be mended), with the way to mend it."""

    tick: str
    text: str
    more: str = ""
    fix: str = ""


async def ask(request: Request) -> Response:
    """What would be published, what is still to mend, and where it would go."""
    return await _asked(request, await guide_for(request, Role.EDITOR))


async def go_live(request: Request) -> Response:
    """Publish the draft in the environment that was chosen."""
    guide = await guide_for(request, Role.EDITOR)
    posted = await posted_of(request)
    environment = _chosen(request, str(posted.get("environment", "")))
    try:
        version = await publish(guide, environment, member_of(request), str(posted.get("note", "")))
    except NotReady as error:
        return await _asked(request, guide, error.problems, status=422)
    flash(request, _("Version %(number)s is live in %(environment)s.") % {"number": version.number, "environment": environment.name})
    return see_other(request, url_for(request, "guide", guide=guide.id, environment=environment))


async def retire(request: Request) -> Response:
    """Take the guide off the air in this environment."""
    guide = await guide_for(request, Role.EDITOR)
    context = context_of(request)
    if await unpublish(guide, context.environment, member_of(request)):
        flash(request, _("Nobody sees it in %(environment)s any more.") % {"environment": context.environment.name})
    return see_other(request, url_for(request, "guide_versions", guide=guide.id))


async def _asked(request: Request, guide: Guide, problems: Sequence[Problem] | None = None, *, status: int = 200) -> Response:
    head = await around(request, guide, problems)
    context = context_of(request)
    checks = [*_mending(request, head), *await _fine(head, context.environment)]
    given: dict[str, Any] = {
        "around": head,
        "tab": "",
        "inside": is_htmx(request),
        "saves": False,
        "checks": checks,
        "button": button_of(checks),
        "changed": _changed(head),
        "environments": context.environments,
        "here": context.environment,
    }
    if is_htmx(request):
        return partial(request, "guides/publish.html", "dialog", status=status, **given)
    return page(request, "guides/publish.html", status=status, **given)


def _mending(request: Request, head: Around) -> list[Check]:
    """What is wrong, the worst first, each with the way to the field."""
    found = sorted(head.problems, key=lambda problem: problem.warning)[:50]
    form = draw(head.kind.Body, head.guide.draft)
    return [Check("wait" if one.warning else "no", _sentence(one), _named(form, one), fix_of(request, head, one)) for one in found]


async def _fine(head: Around, environment: Environment) -> list[Check]:
    """What was looked at and is in order."""
    checks: list[Check] = []
    if not head.blocking:
        checks.append(Check("done", _("Nothing is missing")))
    who = sentences.audience(head.guide.settings.get("audience"))
    try:
        matching, everybody = await count_matching(environment, parse_rule(head.guide.settings.get("audience")))
    except ValidationError:
        return checks
    said = {"some": i18n.number(matching), "all": i18n.number(everybody)}
    if matching:
        checks.append(Check("done", _("The audience is not empty"), f"{who}: " + _("%(some)s of %(all)s people now") % said))
    elif everybody:
        checks.append(Check("wait", _("Nobody matches the audience now"), f"{who}: " + _("0 of %(all)s people") % said))
    else:
        checks.append(Check("wait", _("No people are known here yet"), _("It shows as soon as someone who matches opens a page.")))
    return checks


def fix_of(request: Request, head: Around, problem: Problem) -> str:
    """The address of the field a problem is about."""
    if problem.path[:1] == ("settings",):
        return url_for(request, "guide_audience", guide=head.guide.id)
    url, found = url_for(request, "guide", guide=head.guide.id), _part(head, problem)
    name = "-".join(map(str, problem.path))
    return f"{url}?part={found.get('key', '')}#f-{name}" if found else f"{url}#f-{name}"


def _part(head: Around, problem: Problem) -> dict[str, Any]:
    if len(problem.path) < 2 or not isinstance(problem.path[1], int):
        return {}
    held = head.guide.draft.get(str(problem.path[0]))
    found = held[problem.path[1]] if isinstance(held, list) and problem.path[1] < len(held) else {}
    return found if isinstance(found, dict) else {}


def _named(form: Field, problem: Problem) -> str:
    """Where a problem is, in the form's words: “Step 2 · Buttons”."""
    if problem.path[:1] == ("settings",):
        return _("Audience")
    at, words = form, []
    for depth in range(1, len(problem.path) + 1):
        inner = at.named(".".join(map(str, problem.path[:depth])))
        if inner is None:
            break
        step = problem.path[depth - 1]
        if isinstance(step, int):
            words.append(f"{_(at.part)} {step + 1}")
        elif inner.widget != "list":
            words.append(_(inner.label))
        at = inner
    return " · ".join(words)


def _changed(head: Around) -> list[Any]:
    """What is different from what is live, field by field."""
    if head.version is None:
        return []
    return differences(head.kind.Body, head.version.body, preview_body(head.guide))


def _sentence(problem: Problem) -> str:
    text = _(problem.message)
    return f"{text[:1].upper()}{text[1:]}"


def _chosen(request: Request, slug: str) -> Environment:
    context = context_of(request)
    found = context.environment if not slug else next((one for one in context.environments if one.slug == slug), None)
    if found is None:
        raise Unknown("There is no such environment here.")
    return found


def button_of(checks: list[Check]) -> str:
    """What the button says: how many warnings are taken along."""
    warnings = sum(check.tick == "wait" for check in checks)
    return (
        ngettext("Publish with %(num)s warning", "Publish with %(num)s warnings", warnings) % {"num": warnings}
        if warnings
        else _("Publish")
    )


PAGES = [
    Page("guide_publish", "/guides/{guide}/publish", ask, access=Role.EDITOR),
    Page("guide_go_live", "/guides/{guide}/publish", go_live, ["POST"], Role.EDITOR),
    Page("guide_retire", "/guides/{guide}/retire", retire, ["POST"], Role.EDITOR),
]
