"""/embed.js and /embed/<hash>/<file>: built files and the renderers of plugins, compressed once, kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from guides.registry import BUILT_IN, folder_of, kinds
from server.http.errors import WireError

log = logging.getLogger("handrail.assets")

DIST = Path(__file__).parents[2] / "embed" / "dist"
LOADER = "/embed.js"
TYPES = {".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; sandbox",
    "vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file in its three forms; the tag names the exact bytes."""

    forms: Mapping[str, bytes]
    digest: str
    content_type: str
    caching: str


class Assets:
    """Every built file by its address, in memory."""

    def __init__(self, dist: Path = DIST) -> None:
        self.files: dict[str, File] = {}
        self.renderers: dict[str, str] = {}
        self._load_built(dist)
        self._load_plugged()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for one file; raises WireError 404 and 405."""
        file = self.files.get(scope["path"])
        if file is None:
            raise WireError(404, "not_found", "There is no such file.")
        if scope["method"] not in {"GET", "HEAD"}:
            raise WireError(405, "method_not_allowed", "Files can only be read.", None, {"allow": "GET, HEAD"})
        await _response(file, Headers(scope=scope), scope["method"])(scope, receive, send)

    def _load_built(self, dist: Path) -> None:
        if not (dist / "manifest.json").exists():
            log.warning("the embed has not been built: %s is missing", dist / "manifest.json")
            return
        manifest = json.loads((dist / "manifest.json").read_text(encoding="utf-8"))
        self.files[LOADER] = _file((dist / "loader.js").read_bytes(), ".js", A_WHILE)
        for path in sorted(dist.glob("*/*")):
            if path.suffix in TYPES:
                self.files[f"/embed/{path.parent.name}/{path.name}"] = _file(path.read_bytes(), path.suffix, FOR_EVER)
        for slug, name in manifest["kinds"].items():
            self.renderers[slug] = f"/embed/{manifest['current']}/{name}"

    def _load_plugged(self) -> None:
        for slug, path in _plugged_renderers():
            content = path.read_bytes()
            address = f"/embed/{hashlib.sha256(content).hexdigest()[:12]}/{slug}.js"
            self.files[address] = _file(content, ".js", FOR_EVER)
            self.renderers[slug] = address


def _plugged_renderers() -> Iterator[tuple[str, Path]]:
    for slug, kind in kinds().items():
        path = folder_of(kind) / "render.js"
        if slug not in BUILT_IN and path.exists():
            yield slug, path
        elif slug not in BUILT_IN:
            log.warning("the kind %s has no render.js beside its module and will not show", slug)


@lru_cache(maxsize=256)
def _file(content: bytes, suffix: str, caching: str) -> File:
    forms = {"br": brotli.compress(content), "gzip": gzip.compress(content, 9, mtime=0), "identity": content}
    return File(forms, hashlib.sha256(content).hexdigest()[:32], TYPES[suffix], caching)


def _response(file: File, asked: Headers, method: str) -> Response:
    coding = _coding(asked.get("accept-encoding", ""))
    tag = f'"{file.digest}-{coding}"'
    headers = {**ALWAYS, "etag": tag, "cache-control": file.caching}
    if _has(asked.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    content = file.forms[coding]
    headers |= {"content-type": file.content_type, "content-length": str(len(content))}
    if coding != "identity":
        headers["content-encoding"] = coding
    return Response(b"" if method == "HEAD" else content, 200, headers)


def _coding(accepted: str) -> str:
    wanted = {part.partition(";")[0].strip().lower(): part.partition(";")[2].replace(" ", "") for part in accepted.split(",")}
    usable = [name for name in ("br", "gzip") if name in wanted and wanted[name] not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}]
    return usable[0] if usable else "identity"


def _has(listed: str, tag: str) -> bool:
    return listed.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in listed.split(",")}
