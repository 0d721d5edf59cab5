"""A browser in which nothing may run that was only written: it listens for the sentinel, dialogs and requests to strangers."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request

SENTINEL = "window.__x = (n) => { console.error('the sentinel ran at ' + location.href); return n; }"
OURS = {"127.0.0.1", "localhost"}


def watched(context: BrowserContext, complaints: list[str]) -> BrowserContext:
    """The same browser, watched; what it hears is complained about."""
    context.add_init_script(SENTINEL)

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in OURS:
            complaints.append(f"asked {request.url}")

    def opened(dialog: object) -> None:
        complaints.append(f"a dialog: {dialog}")

    context.on("request", asked)
    context.on("dialog", lambda dialog: (opened(dialog.message), dialog.dismiss()))
    return context
