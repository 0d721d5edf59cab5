"""Two servers on loopback: the host page with the libraries, and a product that answers at once. Everything is sent gzipped."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from tests.browser.host_server import Quiet, listening

Files = Callable[[str], bytes | None]


@cache
def packed(body: bytes) -> bytes:
    """As a server with files packed beforehand sends them."""
    return gzip.compress(body, 9, mtime=0)


def from_folders(pages: Mapping[str, bytes], *folders: Path) -> Files:
    """What a path holds: a page made for the run, or a file of one of the folders."""

    @cache
    def read(path: str) -> bytes | None:
        candidates = (folder / path.lstrip("/") for folder in folders)
        return next((file.read_bytes() for file in candidates if file.is_file()), None)

    return lambda path: pages.get(path) or read(path)


@contextmanager
def serving(files: Files) -> Iterator[str]:
    """A server of these files while the block runs; hands over its origin."""

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = urlsplit(self.path).path
            body = files(path)
            sent = packed(body or b"")
            self.send_response(200 if body is not None else 404)
            self.send_header(
                "Content-Type", mimetypes.guess_type(path)[0] or ("application/json" if self.command == "POST" else "text/html")
            )
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(sent)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET

    with listening(Handler) as port:
        yield f"http://127.0.0.1:{port}"
