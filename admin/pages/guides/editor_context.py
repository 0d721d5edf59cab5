"""What the editor shows of a draft: its parts as a list, the chosen one as a form, the preview, and both sides of a conflict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from admin.forms import plain_text as prose
from admin.forms import rule_text as sentences
from admin.forms.diff import Difference, differences
from admin.forms.form import Field, draw
from admin.forms.schema import Shape, asked_of
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import Around, around, kind_of, pairs_of
from admin.pages.guides.target_warnings import Doubt, doubts
from admin.web.access import context_of
from admin.web.urls import url_for
from guides.accounts.members import members_of
from guides.errors import Conflict
from guides.kind import Body, Problem
from guides.models import Environment, Guide, Person, Project, Role, Theme
from guides.people.identify import attribute_names
from guides.publishing.diff import preview_body
from guides.richtext.media import VIDEO_HOSTS, media_host

TITLE_LENGTH = 80
PEOPLE_TO_TRY = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One part in the list: what it is called, one line beneath, what is to be mended in it."""

    name: str
    key: str
    number: int
    title: str
    sub: str
    icon: str
    choice: str
    blocking: int
    warnings: int
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides of a conflict; `posted` travels along so that mine can be kept."""

    by: str | None
    at: datetime
    revision: int
    differences: list[Difference]
    posted: list[tuple[str, str]]
    again: str
    back: str


async def shown(request: Request, guide: Guide, part: str, focus: str = "") -> dict[str, Any]:
    """Everything the editor's templates name."""
    context = context_of(request)
    head = await around(request, guide)
    whole = draw(head.kind.Body, guide.draft, head.problems_of_body)
    holder = next((field for field in whole.fields if field.keyed), None)
    doubted = await doubts(guide, context.environment, head.version, holder) if holder else {}
    entries = [_entry(head, item, number, doubted.get(item.key)) for number, item in enumerate(holder.fields, 1)] if holder else []
    chosen = next((entry for entry in entries if entry.key == part), entries[0] if entries else None)
    form = next((item for item in holder.fields if chosen and item.name == chosen.name), None) if holder else whole
    whole.fields = [field for field in whole.fields if field is not holder]
    hosts = sorted(set(_asked_hosts(guide.draft)) - set(context.project.image_hosts))
    return {
        "around": head,
        "tab": "guide",
        "saves": True,
        "entries": entries,
        "chosen": chosen,
        "part_key": chosen.key if chosen else "",
        "part_word": holder.part if holder else "",
        "parts_path": holder.name if holder else "",
        "form": form,
        "whole": whole,
        "summary": summary_of(guide),
        "hosts": hosts,
        "video_hosts": VIDEO_HOSTS.values(),
        "askable": await _admins(context.project) if hosts and not head.may_allow else [],
        "startable": await Guide.filter(project=context.project, archived_at=None).exclude(id=guide.id).order_by("name").limit(500),
        "focus": focus,
        **await _stage(guide, context.project, context.environment, head.problems),
    }


def clash_of(request: Request, guide: Guide, posted: FormData, mine: Any, conflict: Conflict) -> Clash:
    """Theirs beside mine, with what was posted to post again."""
    pairs = [(name, value) for name, value in pairs_of(posted) if name not in ("_csrf", "_revision")]
    return Clash(
        by=conflict.theirs["by"],
        at=conflict.theirs["at"],
        revision=conflict.revision,
        differences=differences(kind_of(guide).Body, conflict.theirs["draft"], mine),
        posted=pairs,
        again=str(request.url.path),
        back=url_for(request, "guide", guide=guide.id) + f"?part={posted.get('_part', '')}",
    )


def summary_of(guide: Guide) -> dict[str, Any]:
    """Who and when, in words."""
    settings = guide.settings
    return {
        "audience": sentences.audience(settings.get("audience")),
        "where": sentences.where(settings.get("trigger")) if sentences.pages(settings.get("trigger")) else "",
        "starts": sentences.starts(settings),
        "alone": settings.get("start", "auto") == "auto",
        "manual": settings.get("start") == "manual",
        "frequency": sentences.frequency(settings.get("frequency"), settings.get("days", 7)),
    }


def _entry(head: Around, item: Field, number: int, doubt: Doubt | None) -> Entry:
    choice = next((field for field in item.fields if field.widget == "choice"), None)
    _word, label, icon = next((one for one in choice.choices if one[0] == str(choice.value)), ("", "", "")) if choice else ("", "", "")
    below = _below(head.problems, item.name)
    return Entry(
        name=item.name,
        key=item.key,
        number=number,
        title=title_of(item) or f"{_(item.part)} {number}",
        sub=_target_of(item) or label,
        icon=icon or f"kind-{head.guide.kind}",
        choice=label,
        blocking=sum(not problem.warning for problem in below),
        warnings=sum(problem.warning for problem in below),
        doubt=doubt if _target_of(item) else None,
    )


def title_of(item: Field) -> str:
    """The first words written in a part."""
    for field in item.fields:
        words = (
            field.value
            if field.widget == "line" and isinstance(field.value, str)
            else prose.plain(field.value)
            if field.widget == "text"
            else ""
        )
        if words.strip():
            line = " ".join(words.split())
            return line if len(line) <= TITLE_LENGTH else line[:TITLE_LENGTH].rstrip() + "…"
    return ""


def _target_of(item: Field) -> str:
    for field in item.fields:
        if field.widget == "target" and field.shown and isinstance(field.value, Mapping):
            return str(field.value.get("label") or field.value.get("value") or "")
    return ""


def _below(problems: Sequence[Problem], name: str) -> list[Problem]:
    steps = name.split(".")
    return [problem for problem in problems if [str(step) for step in problem.path[: len(steps)]] == steps]


def _asked_hosts(part: Any) -> Iterator[str]:
    """The hosts that images and videos of a draft come from."""
    if isinstance(part, Mapping):
        yield from filter(None, [media_host(part)])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _asked_hosts(inner)


async def _admins(project: Project) -> list[str]:
    return [one.member.name for one in await members_of(project) if one.role in (Role.OWNER, Role.ADMIN)][:3]


async def _stage(guide: Guide, project: Project, environment: Environment, problems: Sequence[Problem]) -> dict[str, Any]:
    """What the preview is handed."""
    theme = await Theme.filter(project=project, is_default=True).first()
    found = [{"name": ".".join(map(str, one.path)), "text": _sentence(one), "warning": one.warning} for one in problems]
    pages = sentences.pages(guide.settings.get("trigger"))
    return {
        "body": _json(_without_strangers(_anywhere(kind_of(guide).Body, preview_body(guide)), project.image_hosts)),
        "found": _json(found),
        "theme": {"tokens": theme.tokens, "scheme": theme.color_scheme} if theme else {"tokens": {}, "scheme": "auto"},
        "people": await _people(environment),
        "attributes": await attribute_names(environment),
        "stage_page": f"app.example.com{pages[0].removesuffix('*') if pages and pages[0].startswith('/') else '/'}",
    }


def _anywhere(body: type[Body], value: Any) -> Any:
    """The same body without the pages it is kept to, for the preview has one page only."""
    if not isinstance(value, Mapping):
        return value
    return {**value, **{asked.name: _shape_anywhere(asked.shape, value[asked.name]) for asked in asked_of(body) if asked.name in value}}


def _shape_anywhere(shape: Shape, value: Any) -> Any:
    if shape.widget == "page":
        return ""
    if shape.item and isinstance(value, list):
        return [_shape_anywhere(shape.item, one) for one in value]
    return _anywhere(shape.body, value) if shape.body else value


def _without_strangers(part: Any, allowed: Sequence[str]) -> Any:
    """The same without images and videos from hosts nobody allowed yet, so that not even a preview calls them."""
    if isinstance(part, Mapping):
        return {name: _without_strangers(inner, allowed) for name, inner in part.items()}
    if not isinstance(part, list):
        return part
    return [_without_strangers(one, allowed) for one in part if not isinstance(one, Mapping) or media_host(one) in {"", *allowed}]


async def _people(environment: Environment) -> list[dict[str, str]]:
    """Whom a preview can be seen as: two made-up people, then those seen last."""
    made_up = [
        {
            "label": _("As %(name)s, an example") % {"name": "Maya Jensen"},
            "json": _json({"name": "Maya Jensen", "first_name": "Maya", "plan": "trial"}),
        },
        {"label": _("As somebody we know nothing about"), "json": "{}"},
    ]
    latest = await Person.filter(environment=environment, external_id__isnull=False).order_by("-last_seen_at").limit(PEOPLE_TO_TRY)
    return made_up + [
        {"label": _("As %(name)s") % {"name": str(one.attributes.get("name") or one.external_id)[:40]}, "json": _json(one.attributes)}
        for one in latest
    ]


def _sentence(problem: Problem) -> str:
    text = _(problem.message)
    return f"{text[:1].upper()}{text[1:]}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
