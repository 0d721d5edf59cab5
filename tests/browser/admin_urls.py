"""The pages of the admin that a browser can open, from the one list of routes."""

from __future__ import annotations

from collections.abc import Iterator

from admin.routes import ROUTES
from tests.browser.live_server import Site

FRAGMENTS = {"reauthenticate_page", "guide_audience_count", "connection_status", "guide_preview", "index"}
SIGNED_OUT = {"setup_page", "sign_in_page", "forgot_password", "reset_password_page", "invitation"}


def pages_of_members(site: Site, guide: object, project: str = "demo") -> Iterator[tuple[str, str]]:
    """Every whole page a member can open, about that guide where it is about one: its name and its address."""
    for place in ROUTES:
        if "GET" in place.methods and place.name not in FRAGMENTS | SIGNED_OUT:
            root = f"{site.url}/admin/{project}" if place.is_in_project else f"{site.url}/admin"
            yield place.name, root + place.path.format(guide=guide, chapter="install")
