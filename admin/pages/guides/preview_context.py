"""What the preview shows: the draft as a renderer receives it, the theme, and the people to see it as."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

from admin.forms import rule_text
from admin.forms.schema import FieldSchema, fields_of
from admin.i18n.translate import gettext as _
from admin.pages.guides.header import GuideHeader
from guides.kind import Body
from guides.models import Environment, Guide, Person, Project, Theme
from guides.people.audience_size import list_attribute_names
from guides.richtext.media import media_host

PREVIEW_PEOPLE = 5


async def preview_context(guide: Guide, project: Project, environment: Environment) -> dict[str, Any]:
    """The variables of the preview's frame. Costs three queries."""
    theme = await Theme.filter(project=project, is_default=True).first()
    pages = rule_text.page_patterns(guide.settings.get("trigger"))
    return {
        "theme": {"tokens": theme.tokens, "scheme": theme.color_scheme} if theme else {"tokens": {}, "scheme": "auto"},
        "people": await _people(environment),
        "attributes": await list_attribute_names(environment),
        "preview_url": f"app.example.com{pages[0].removesuffix('*') if pages and pages[0].startswith('/') else '/'}",
    }


def preview_tree(header: GuideHeader, allowed_hosts: Sequence[str]) -> Any:
    """The body that the preview renders: without page limits, and without media of hosts that are not allowed."""
    return _without_blocked_hosts(_without_page_limits(header.kind.Body, header.body), allowed_hosts)


def checksum_of(tree: Any) -> str:
    """A short checksum by which the script and the server agree on the body that a patch is applied to."""
    return f"{crc32(json.dumps(tree, sort_keys=True).encode()):08x}"


def body_patch(before: Any, after: Any) -> list[tuple[list[str | int], Any]]:
    """The values of `after` that differ, each with its path; a path one beyond the end of a list appends to it."""
    return list(_changes(before, after, []))


def _changes(before: Any, after: Any, path: list[str | int]) -> Iterator[tuple[list[str | int], Any]]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for name, value in after.items():
            yield from _changes(before[name], value, [*path, name])
    elif isinstance(before, list) and isinstance(after, list) and len(before) <= len(after):
        for index, value in enumerate(after):
            yield from _changes(before[index], value, [*path, index]) if index < len(before) else [([*path, index], value)]
    else:
        yield path, after


def blocked_hosts(draft: Any, allowed_hosts: Sequence[str]) -> list[str]:
    """The hosts of the draft's images and videos that the project does not allow yet."""
    return sorted(set(_hosts_in(draft)) - set(allowed_hosts))


def _hosts_in(node: Any) -> Iterator[str]:
    """The hosts that images and videos of a draft come from."""
    if isinstance(node, Mapping):
        yield from filter(None, [media_host(node)])
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _hosts_in(child)


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
            "json": json_text({"name": "Maya Jensen", "first_name": "Maya", "plan": "trial"}),
        },
        {"label": _("As somebody we know nothing about"), "json": "{}"},
    ]
    latest = await Person.filter(environment=environment, external_id__isnull=False).order_by("-last_seen_at").limit(PREVIEW_PEOPLE)
    return examples + [
        {
            "label": _("As %(name)s") % {"name": str(person.attributes.get("name") or person.external_id)[:40]},
            "json": json_text(person.attributes),
        }
        for person in latest
    ]


def json_text(value: Any) -> str:
    """A value as JSON text for an attribute of the page."""
    return json.dumps(value, ensure_ascii=False)
