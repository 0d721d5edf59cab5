"""What roles are called and what each may do, as the team page says it."""

from __future__ import annotations

from admin.i18n.translate import gettext as _
from admin.i18n.translate import later
from admin.web.access import MAY
from guides.models import Role

ORDER = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.AGENT, Role.VIEWER)
NAMES = {
    Role.OWNER: later("Owner"),
    Role.ADMIN: later("Admin"),
    Role.EDITOR: later("Editor"),
    Role.AGENT: later("Agent"),
    Role.VIEWER: later("Viewer"),
}
ACTS: list[tuple[str, Role]] = [
    (later("See guides and results"), Role.VIEWER),
    (later("Write and edit drafts"), Role.EDITOR),
    (later("Publish to production"), Role.EDITOR),
    (later("Answer conversations"), Role.AGENT),
    (later("Manage environments and keys"), Role.ADMIN),
    (later("Manage the team, up to admins"), Role.ADMIN),
    (later("Make other members owners"), Role.OWNER),
]


def role_name(role: Role) -> str:
    """A role in the language of the request."""
    return _(NAMES[role])


def table() -> list[tuple[str, list[bool]]]:
    """Each act, and for each role in order whether it may."""
    return [(_(act), [role in MAY[need] for role in ORDER]) for act, need in ACTS]
