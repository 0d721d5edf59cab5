"""A server for host pages with any HTML at any path, on a third port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BARE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>A bare page</title><link rel="icon" href="data:,">{head}</head>
<body><main><h1>A bare page</h1><p>Words of the page.</p>
<button type="button" data-handrail-target="spot">A spot</button>{body}</main></body></html>"""


class Host:
    """Pages by path, served as localhost, which is another site than 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.pages: dict[str, str] = {}

    def add_page(self, path: str, head: str = "", body: str = "", lang: str = "en") -> str:
        """Serves a page with this head and body; returns its URL."""
        self.pages[path] = BARE.format(head=head, body=body, lang=lang, dir="rtl" if lang == "ar" else "ltr")
        return self.url + path


class Quiet(BaseHTTPRequestHandler):
    """A request handler that does not log."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(answer: type[Quiet], name: str = "127.0.0.1") -> Iterator[int]:
    """Runs a server with this request handler; yields its port."""
    server = ThreadingHTTPServer((name, 0), answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hosting() -> Iterator[Host]:
    """Runs a server for host pages."""

    class Answer(Quiet):
        def do_GET(self) -> None:
            text = host.pages.get(self.path.partition("?")[0])
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((text or "").encode())

    with listening(Answer, "localhost") as port:
        host = Host(port)
        yield host
