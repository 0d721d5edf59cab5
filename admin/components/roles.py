"""The names of roles, and what each allows."""

from __future__ import annotations

from admin.i18n.translate import gettext as _
from admin.i18n.translate import gettext_noop
from admin.web.access import ALLOWED_ROLES
from guides.models import Role

ORDER = (Role.OWNER, Role.ADMIN, Role.EDITOR, Role.AGENT, Role.VIEWER)
NAMES = {
    Role.OWNER: gettext_noop("Owner"),
    Role.ADMIN: gettext_noop("Admin"),
    Role.EDITOR: gettext_noop("Editor"),
    Role.AGENT: gettext_noop("Agent"),
    Role.VIEWER: gettext_noop("Viewer"),
}
CAPABILITIES: list[tuple[str, Role]] = [
    (gettext_noop("See guides and results"), Role.VIEWER),
    (gettext_noop("Write and edit drafts"), Role.EDITOR),
    (gettext_noop("Publish to production"), Role.EDITOR),
    (gettext_noop("Answer conversations"), Role.AGENT),
    (gettext_noop("Manage environments and keys"), Role.ADMIN),
    (gettext_noop("Manage the team, up to admins"), Role.ADMIN),
    (gettext_noop("Make other members owners"), Role.OWNER),
]


def role_name(role: Role) -> str:
    """A role in the language of the request."""
    return _(NAMES[role])


def capabilities() -> list[tuple[str, list[bool]]]:
    """What a member can do, and for each role in ORDER whether it allows that."""
    return [(_(capability), [role in ALLOWED_ROLES[access] for role in ORDER]) for capability, access in CAPABILITIES]
