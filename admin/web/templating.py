"""The Jinja environment and the variables every template has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import jinja2
from jinja2.ext import Extension
from starlette.requests import Request

from admin.config import config_of
from admin.i18n import translate as i18n
from admin.web.access import find_context
from admin.web.cookies import uses_secure_cookies
from admin.web.sessions import find_session
from admin.web.static_files import static
from admin.web.urls import url_for
from guides.models import Member
from guides.registry import folder_of, kinds

TEMPLATES = tuple(Path(__file__).parents[1] / folder for folder in ("pages", "components"))
AVATAR_COLORS = 5


@cache
def templates() -> jinja2.Environment:
    """The templates, ours and those of the kinds (kinds/<slug>/form.html); a missing variable is an error."""
    loader = jinja2.ChoiceLoader([jinja2.FileSystemLoader(TEMPLATES), jinja2.FunctionLoader(_load_kind_template)])
    extensions: list[str | type[Extension]] = ["jinja2.ext.i18n", "jinja2.ext.do"]
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, extensions=extensions, trim_blocks=True, lstrip_blocks=True
    )
    install: Callable[..., None] = env.install_gettext_callables  # type: ignore[attr-defined]
    install(i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext, npgettext=i18n.npgettext)
    env.filters.update(ago=i18n.time_ago, moment=i18n.date_and_time, number=i18n.number, initials=initials, avatar_color=avatar_color)
    env.globals.update(static=static, gettext=i18n.gettext_html)
    env.globals["kit"] = env.get_template("kit.html").module
    return env


def template_context(request: Request) -> dict[str, Any]:
    """The variables of every template."""
    session = find_session(request)
    member: Member | None = session.member if session else None
    return {
        "request": request,
        "member": member,
        "context": find_context(request),
        "csrf": getattr(request.state, "csrf", ""),
        "locale": i18n.get_locale(),
        "direction": i18n.text_direction(),
        "scheme": member.color_scheme if member else "auto",
        "locales": i18n.LOCALES,
        "version": config_of(request).version,
        "insecure": not uses_secure_cookies(request),
        "url_for": lambda name, /, **params: url_for(request, name, **params),
    }


def initials(name: str) -> str:
    """The first letters of the first and last word, upper case."""
    parts = name.split()
    return "".join(part[0] for part in ([parts[0], parts[-1]] if len(parts) > 1 else parts[:1])).upper()


def avatar_color(name: str) -> int:
    """The number of an avatar's colour, always the same for the same name."""
    return crc32(name.encode()) % AVATAR_COLORS


def _load_kind_template(name: str) -> str | None:
    parts = name.split("/")
    if len(parts) != 3 or parts[0] != "kinds" or parts[1] not in kinds() or parts[2] != "form.html":
        return None
    path = folder_of(kinds()[parts[1]]) / "form.html"
    return path.read_text(encoding="utf-8") if path.exists() else None
