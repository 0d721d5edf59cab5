"""The template context of the editor: the list of parts, the form of the chosen one, the preview, both sides of a conflict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from admin.forms import rule_text
from admin.forms.diff import Difference, differences
from admin.forms.form import Field, build_form
from admin.forms.plain_text import to_plain_text
from admin.forms.schema import FieldSchema, fields_of
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import GuideHeader, form_pairs, get_kind, guide_header
from admin.pages.guides.target_warnings import TargetWarning, target_warnings
from admin.web.access import context_of
from admin.web.urls import url_for
from guides.accounts.members import list_members
from guides.errors import Conflict
from guides.kind import Body, Problem
from guides.models import Environment, Guide, Person, Project, Role, Theme
from guides.people.audience_size import list_attribute_names
from guides.publishing.diff import preview_body
from guides.richtext.media import VIDEO_HOSTS, media_host
from guides.rules.operators import OPERATORS

TITLE_LENGTH = 80
PREVIEW_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part in the list: its title, a second line, the number of its problems."""

    name: str
    key: str
    number: int
    title: str
    subtitle: str
    icon: str
    choice: str
    blocking: int
    warnings: int
    target_warning: TargetWarning | None


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Both sides of a conflict; `posted` are the fields to post again to keep one's own."""

    by: str | None
    at: datetime
    revision: int
    differences: list[Difference]
    posted: list[tuple[str, str]]
    action: str
    back: str


async def editor_context(request: Request, guide: Guide, part: str, focus: str = "") -> dict[str, Any]:
    """The variables of the editor's templates; `part` is the key of the chosen part."""
    context = context_of(request)
    header = await guide_header(request, guide)
    form = build_form(header.kind.Body, guide.draft, header.problems_of_body)
    parts = next((field for field in form.fields if field.is_keyed), None)
    warnings = await target_warnings(guide, context.environment, header.version, parts) if parts else {}
    rows = [_part_row(header, item, number, warnings.get(item.key)) for number, item in enumerate(parts.fields, 1)] if parts else []
    chosen = next((row for row in rows if row.key == part), rows[0] if rows else None)
    part_form = next((item for item in parts.fields if chosen and item.name == chosen.name), None) if parts else form
    form.fields = [field for field in form.fields if field is not parts]
    hosts = sorted(set(_hosts_in(guide.draft)) - set(context.project.image_hosts))
    return {
        "header": header,
        "tab": "guide",
        "saves": True,
        "rows": rows,
        "chosen": chosen,
        "part_key": chosen.key if chosen else "",
        "part_title": parts.item_title if parts else "",
        "parts_path": parts.name if parts else "",
        "variants": parts.variants if parts else [],
        "part_form": part_form,
        "guide_form": form,
        "summary": summary_of(guide),
        "hosts": hosts,
        "video_hosts": VIDEO_HOSTS.values(),
        "admins": await _admin_names(context.project) if hosts and not header.can_allow_hosts else [],
        "operators": [(operator.name, _(operator.label)) for operator in OPERATORS.values()],
        "condition_text": rule_text.condition,
        "startable": await Guide.filter(project=context.project, archived_at=None).exclude(id=guide.id).order_by("name").limit(500),
        "focus": focus,
        **await _preview_context(guide, context.project, context.environment, header.problems),
    }


def conflict_view(request: Request, guide: Guide, posted: FormData, mine: Any, conflict: Conflict) -> ConflictView:
    """Both sides of a conflict, with the posted fields to post them again."""
    pairs = [(name, value) for name, value in form_pairs(posted) if name not in ("_csrf", "_revision")]
    return ConflictView(
        by=conflict.theirs["by"],
        at=conflict.theirs["at"],
        revision=conflict.revision,
        differences=differences(get_kind(guide).Body, conflict.theirs["draft"], mine),
        posted=pairs,
        action=str(request.url.path),
        back=url_for(request, "guide", guide=guide.id) + f"?part={posted.get('_part', '')}",
    )


def summary_of(guide: Guide) -> dict[str, Any]:
    """The settings of a guide as rule_text."""
    settings = guide.settings
    return {
        "audience": rule_text.audience(settings.get("audience")),
        "where": rule_text.pages(settings.get("trigger")) if rule_text.page_patterns(settings.get("trigger")) else "",
        "starts": rule_text.start(settings),
        "alone": settings.get("start", "auto") == "auto",
        "manual": settings.get("start") == "manual",
        "frequency": rule_text.frequency(settings.get("frequency"), settings.get("repeat_after_days", 7)),
    }


def _part_row(header: GuideHeader, item: Field, number: int, warning: TargetWarning | None) -> PartRow:
    label, icon = _chosen_variant(item)
    problems = _problems_below(header.problems, item.name)
    return PartRow(
        name=item.name,
        key=item.key,
        number=number,
        title=part_title(item) or f"{_(item.item_title)} {number}",
        subtitle=_target_label(item) or label,
        icon=icon or f"kind-{header.guide.kind}",
        choice=label,
        blocking=sum(not problem.warning for problem in problems),
        warnings=sum(problem.warning for problem in problems),
        target_warning=warning if _target_label(item) else None,
    )


def _chosen_variant(item: Field) -> tuple[str, str]:
    """The label and the icon that tell parts apart: of the variant in a list of a union, else of the first choice."""
    choice = item if item.tag_name else next((field for field in item.fields if field.widget == "choice"), None)
    return next(((label, icon) for value, label, icon in choice.choices if value == str(choice.value)), ("", "")) if choice else ("", "")


def part_title(item: Field) -> str:
    """The first text in a part, on one line and cut at 80 characters; empty when there is none."""
    for field in item.fields:
        text = (
            field.value
            if field.widget == "short_text" and isinstance(field.value, str)
            else to_plain_text(field.value)
            if field.widget == "rich_text"
            else ""
        )
        if text.strip():
            line = " ".join(text.split())
            return line if len(line) <= TITLE_LENGTH else line[:TITLE_LENGTH].rstrip() + "…"
    return ""


def _target_label(item: Field) -> str:
    for field in item.fields:
        if field.widget == "target" and field.is_shown and isinstance(field.value, Mapping):
            return str(field.value.get("label") or field.value.get("value") or "")
    return ""


def _problems_below(problems: Sequence[Problem], name: str) -> list[Problem]:
    steps = name.split(".")
    return [problem for problem in problems if [str(step) for step in problem.path[: len(steps)]] == steps]


def _hosts_in(node: Any) -> Iterator[str]:
    """The hosts that images and videos of a draft come from."""
    if isinstance(node, Mapping):
        yield from filter(None, [media_host(node)])
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _hosts_in(child)


async def _admin_names(project: Project) -> list[str]:
    memberships = await list_members(project)
    return [membership.member.name for membership in memberships if membership.role in (Role.OWNER, Role.ADMIN)][:3]


async def _preview_context(guide: Guide, project: Project, environment: Environment, problems: Sequence[Problem]) -> dict[str, Any]:
    """The variables of the preview, and the problems as JSON for the script."""
    theme = await Theme.filter(project=project, is_default=True).first()
    found = [{"name": ".".join(map(str, problem.path)), "text": _sentence(problem), "warning": problem.warning} for problem in problems]
    pages = rule_text.page_patterns(guide.settings.get("trigger"))
    return {
        "body": _json(_without_blocked_hosts(_without_page_limits(get_kind(guide).Body, preview_body(guide)), project.image_hosts)),
        "problems_json": _json(found),
        "theme": {"tokens": theme.tokens, "scheme": theme.color_scheme} if theme else {"tokens": {}, "scheme": "auto"},
        "people": await _people(environment),
        "attributes": await list_attribute_names(environment),
        "preview_url": f"app.example.com{pages[0].removesuffix('*') if pages and pages[0].startswith('/') else '/'}",
    }


def _without_page_limits(body: type[Body], value: Any) -> Any:
    """The body without the pages it is limited to: the preview has one page only."""
    if not isinstance(value, Mapping):
        return value
    return {**value, **{spec.name: _without_pages(spec.schema, value[spec.name]) for spec in fields_of(body) if spec.name in value}}


def _without_pages(schema: FieldSchema, value: Any) -> Any:
    if schema.widget == "page":
        return ""
    if schema.item and isinstance(value, list):
        return [_without_pages(schema.item, item) for item in value]
    return _without_page_limits(schema.body, value) if schema.body else value


def _without_blocked_hosts(node: Any, allowed: Sequence[str]) -> Any:
    """The body without images and videos from hosts that are not allowed, so that not even the preview requests them."""
    if isinstance(node, Mapping):
        return {name: _without_blocked_hosts(child, allowed) for name, child in node.items()}
    if not isinstance(node, list):
        return node
    return [
        _without_blocked_hosts(child, allowed) for child in node if not isinstance(child, Mapping) or media_host(child) in {"", *allowed}
    ]


async def _people(environment: Environment) -> list[dict[str, str]]:
    """The people a preview can be seen as: two examples, then the latest real ones."""
    examples = [
        {
            "label": _("As %(name)s, an example") % {"name": "Maya Jensen"},
            "json": _json({"name": "Maya Jensen", "first_name": "Maya", "plan": "trial"}),
        },
        {"label": _("As somebody we know nothing about"), "json": "{}"},
    ]
    latest = await Person.filter(environment=environment, external_id__isnull=False).order_by("-last_seen_at").limit(PREVIEW_PEOPLE)
    return examples + [
        {
            "label": _("As %(name)s") % {"name": str(person.attributes.get("name") or person.external_id)[:40]},
            "json": _json(person.attributes),
        }
        for person in latest
    ]


def _sentence(problem: Problem) -> str:
    text = _(problem.message)
    return f"{text[:1].upper()}{text[1:]}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
