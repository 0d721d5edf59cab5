"""Checks a draft against its kind, its settings and the project before it may be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from guides.kind import Body, Path, Problem
from guides.messages import Message, gettext_noop, validation_message
from guides.models import Guide, Project
from guides.publishing.guide_settings import GuideSettings
from guides.registry import kind_named
from guides.richtext.media import media_host


def list_problems(guide: Guide, project: Project) -> list[Problem]:
    """The problems of the draft, warnings included; a path begins as in the body, or with "settings"."""
    _, problems = check_draft(guide, project)
    return problems


def check_draft(guide: Guide, project: Project) -> tuple[Body | None, list[Problem]]:
    """The draft as its kind's Body, None when it does not validate, and its problems."""
    kind = kind_named(guide.kind)
    settings_problems = list(_settings_problems(guide.settings))
    try:
        body = kind.Body.model_validate(guide.draft)
    except ValidationError as error:
        return None, [*_type_problems(error, guide.draft), *settings_problems]
    tree = body.model_dump(mode="json")
    return body, [*kind.check(body), *_host_problems(tree, project.image_hosts), *settings_problems]


def _settings_problems(settings: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        GuideSettings.model_validate(settings)
    except ValidationError as error:
        for problem in _type_problems(error, settings):
            yield Problem(("settings", *problem.path), problem.message)


def _host_problems(tree: Any, allowed_hosts: Iterable[str], path: Path = ()) -> Iterator[Problem]:
    """Images and videos must come from hosts the project allows, so that no author can make pages call a stranger."""
    if isinstance(tree, dict):
        if (host := media_host(tree)) and not _is_allowed(host, allowed_hosts):
            text = (
                gettext_noop("allow videos from %(host)s first")
                if tree["type"] == "video"
                else gettext_noop("allow images from %(host)s first")
            )
            yield Problem(path, Message(text, host=host))
        children: Iterable[tuple[str | int, Any]] = tree.items()
    else:
        children = enumerate(tree)
    for step, child in children:
        if isinstance(child, dict | list):
            yield from _host_problems(child, allowed_hosts, (*path, step))


def _is_allowed(host: str, allowed_hosts: Iterable[str]) -> bool:
    return any(host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:])) for allowed in allowed_hosts)


def _type_problems(error: ValidationError, draft: Any) -> Iterator[Problem]:
    for details in error.errors(include_url=False, include_context=True):
        message = validation_message(details["type"], details.get("ctx", {}), details["msg"])
        yield Problem(_path_in_draft(details["loc"], draft), message)


def _path_in_draft(location: tuple[int | str, ...], draft: Any) -> Path:
    """The path in the form: pydantic's location also names the tag of a union's variant, the form does not."""
    path: list[int | str] = []
    node = draft
    for number, step in enumerate(location):
        exists = (isinstance(node, dict) and step in node) or (isinstance(node, list) and isinstance(step, int) and step < len(node))
        if exists:
            node = node[step]
        if exists or (number == len(location) - 1 and not _is_tag(node, step)):
            path.append(step)
    return tuple(path)


def _is_tag(node: Any, step: int | str) -> bool:
    return isinstance(node, dict) and step in node.values()
