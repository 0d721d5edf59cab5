"""A bare page of somebody's product on a third port: whatever HTML the test hands it, at whatever address."""

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
    """Pages by their path; served as localhost, which is another site than 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.pages: dict[str, str] = {}

    def put(self, path: str, head: str = "", body: str = "", lang: str = "en") -> str:
        """Serve a page with that in its head and body; hands back its address."""
        self.pages[path] = BARE.format(head=head, body=body, lang=lang, dir="rtl" if lang == "ar" else "ltr")
        return self.url + path


class Quiet(BaseHTTPRequestHandler):
    """Answers, and says nothing of it."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def listening(answer: type[Quiet], name: str = "127.0.0.1") -> Iterator[int]:
    """A server that answers so, until it is no longer needed; hands over its port."""
    server = ThreadingHTTPServer((name, 0), answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def hosting() -> Iterator[Host]:
    """A server for bare pages, until it is no longer needed."""

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
