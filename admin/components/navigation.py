"""The navigation: which pages it lists, in what order, and which of them a member sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request

from admin.i18n.translate import gettext as _
from admin.i18n.translate import gettext_noop
from admin.web.access import ALLOWED_ROLES, Access, find_context
from admin.web.urls import url_for
from guides import clock
from guides.models import Environment, Role


@dataclass(frozen=True)
class Entry:
    """A link of the navigation; shown when there is a page of that name and the member may see it."""

    name: str
    label: str
    icon: str
    access: Access | Role = Role.VIEWER
    href: str = ""


@dataclass(frozen=True)
class Group:
    """Entries under one title."""

    title: str
    entries: list[Entry]


@dataclass(frozen=True)
class Menu:
    """What the sidebar and the quick find show."""

    groups: list[Group]
    foot: list[Entry]
    all: list[Entry]
    connection: tuple[str, str] | None


GROUPS: list[tuple[str, list[Entry]]] = [
    ("", [Entry("home", gettext_noop("Home"), "home", Access.MEMBER), Entry("inbox", gettext_noop("Inbox"), "inbox", Role.AGENT)]),
    (
        gettext_noop("Build"),
        [
            Entry("guides", gettext_noop("Guides"), "layers"),
            Entry("articles", gettext_noop("Articles"), "book"),
            Entry("themes", gettext_noop("Themes"), "palette"),
        ],
    ),
    (gettext_noop("Audience"), [Entry("people", gettext_noop("People"), "users"), Entry("segments", gettext_noop("Segments"), "segment")]),
    (gettext_noop("Learn"), [Entry("reports", gettext_noop("Reports"), "chart"), Entry("searches", gettext_noop("Searches"), "search")]),
]
SETTINGS: list[Entry] = [
    Entry("project", gettext_noop("Project"), "home"),
    Entry("team", gettext_noop("Team"), "users"),
    Entry("install", gettext_noop("Install"), "code"),
    Entry("environments", gettext_noop("Environments"), "server"),
    Entry("api_keys", gettext_noop("API keys"), "key", Role.ADMIN),
]


def menu_of(request: Request) -> Menu:
    """The navigation as this member sees it here."""
    show = partial(_visible, request)
    groups = [Group(_(title) if title else "", show(entries)) for title, entries in GROUPS]
    groups = [group for group in groups if group.entries]
    settings = show(SETTINGS)
    manual = Entry("manual", _("Help"), "help", href="/admin/help")
    foot = [*(Entry("settings", _("Settings"), "settings", href=entry.href) for entry in settings[:1]), manual]
    everything = [entry for group in groups for entry in group.entries] + settings + [manual]
    return Menu(groups, foot, everything, _connection(request))


def settings_of(request: Request) -> list[Entry]:
    """The pages of the settings as this member sees them."""
    return _visible(request, SETTINGS)


def _visible(request: Request, entries: list[Entry]) -> list[Entry]:
    context = find_context(request)
    if context is None:
        return []
    visible = [entry for entry in entries if entry.name in request.app.state.project_pages and context.role in ALLOWED_ROLES[entry.access]]
    return [Entry(entry.name, _(entry.label), entry.icon, entry.access, url_for(request, entry.name)) for entry in visible]


def _connection(request: Request) -> tuple[str, str] | None:
    context = find_context(request)
    if context is None or context.role not in ALLOWED_ROLES[Role.VIEWER]:
        return None
    return connection_status(context.environment)


def connection_status(environment: Environment) -> tuple[str, str]:
    """Whether pages call this environment: the status of kit.status and its label. Quiet after a day without a call."""
    if environment.is_disabled:
        return "paused", _("Switched off")
    if environment.last_boot_at is None:
        return "waiting", _("Not connected")
    is_quiet = (clock.now() - environment.last_boot_at).total_seconds() > 86_400
    return ("ended", _("Quiet")) if is_quiet else ("live", _("Connected"))
