"""The template variables of the editor: the list of parts, the form of the chosen one, the preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request

from admin.forms import rule_text
from admin.forms.form import Field, build_form, find_items_field
from admin.forms.schema import item_title
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import GuideHeader, guide_header
from admin.pages.guides.part_rows import PartRow, part_row
from admin.pages.guides.preview_context import blocked_hosts, checksum_of, json_text, preview_context, preview_tree
from admin.pages.guides.target_warnings import list_target_warnings, matching_warnings
from admin.web.access import context_of
from guides.accounts.members import list_members
from guides.kind import Problem
from guides.models import Guide, Project, Role
from guides.richtext.media import VIDEO_HOSTS
from guides.rules.operators import OPERATORS


async def editor_context(request: Request, guide: Guide, part: str, focus: str = "") -> dict[str, Any]:
    """The variables of the whole editor; `part` is the key of the chosen part. Costs six queries."""
    context = context_of(request)
    header = await guide_header(request, guide)
    form = build_form(header.kind.Body, guide.draft, header.problems_of_body)
    parts = next((field for field in form.fields if field.is_keyed), None)
    warnings = await list_target_warnings(guide, context.environment, header.version) if parts else {}
    own = matching_warnings(warnings, header.version, parts.name, parts.fields) if parts else {}
    rows = [part_row(header, item, number, own.get(item.key)) for number, item in enumerate(parts.fields, 1)] if parts else []
    chosen = next((row for row in rows if row.key == part), rows[0] if rows else None)
    part_form = next((item for item in parts.fields if chosen and item.name == chosen.name), None) if parts else form
    form.fields = [field for field in form.fields if field is not parts]
    tree = preview_tree(header, context.project.image_hosts)
    return {
        **guide_variables(header, chosen.key if chosen else "", focus),
        **await part_form_variables(request, header, part_form, chosen),
        "rows": rows,
        "count": len(rows),
        "parts_path": parts.name if parts else "",
        "variants": parts.variants if parts else [],
        "guide_form": form,
        "summary": summary_of(guide),
        "body": json_text(tree),
        "patch": "",
        "checksum": checksum_of(tree),
        **await preview_context(guide, context.project, context.environment),
    }


def guide_variables(header: GuideHeader, part_key: str, focus: str) -> dict[str, Any]:
    """The variables that every block of the editor has."""
    problems = [
        {"name": ".".join(map(str, problem.path)), "text": _sentence(problem), "warning": problem.warning} for problem in header.problems
    ]
    spec = find_items_field(header.kind.Body)
    return {
        "header": header,
        "tab": "guide",
        "saves": True,
        "part_key": part_key,
        "part_title": item_title(spec) if spec else "",
        "problems_json": json_text(problems),
        "focus": focus,
    }


async def part_form_variables(request: Request, header: GuideHeader, part_form: Field | None, chosen: PartRow | None) -> dict[str, Any]:
    """The variables of the form of the chosen part. Costs one query, two when it names hosts that are not allowed."""
    project = context_of(request).project
    startable = Guide.filter(project=project, archived_at=None).exclude(id=header.guide.id).order_by("name").limit(500)
    return {
        "part_form": part_form,
        "chosen": chosen,
        "operators": [(operator.name, _(operator.label)) for operator in OPERATORS.values()],
        "condition_text": rule_text.condition,
        "startable": await startable.only("id", "name"),
        **await host_variables(request, header, blocked_hosts(header.guide.draft, project.image_hosts)),
    }


async def host_variables(request: Request, header: GuideHeader, hosts: Sequence[str]) -> dict[str, Any]:
    """The variables of the callouts about hosts that are not allowed; a query for those who must ask an admin."""
    must_ask = bool(hosts) and not header.can_allow_hosts
    return {
        "hosts": hosts,
        "video_hosts": VIDEO_HOSTS.values(),
        "admins": await _admin_names(context_of(request).project) if must_ask else [],
    }


def summary_of(guide: Guide) -> dict[str, Any]:
    """The settings of a guide as sentences."""
    settings = guide.settings
    return {
        "audience": rule_text.audience(settings.get("audience")),
        "where": rule_text.pages(settings.get("trigger")) if rule_text.page_patterns(settings.get("trigger")) else "",
        "starts": rule_text.start(settings),
        "alone": settings.get("start", "auto") == "auto",
        "manual": settings.get("start") == "manual",
        "frequency": rule_text.frequency(settings.get("frequency"), settings.get("repeat_after_days", 7)),
    }


async def _admin_names(project: Project) -> list[str]:
    memberships = await list_members(project)
    return [membership.member.name for membership in memberships if membership.role in (Role.OWNER, Role.ADMIN)][:3]


def _sentence(problem: Problem) -> str:
    text = _(problem.message)
    return f"{text[:1].upper()}{text[1:]}."
