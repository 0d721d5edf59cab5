"""Serves /embed.js and /embed/<hash>/<file>: built files and renderers of plugins, compressed once, immutable."""

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

log = logging.getLogger("handrail.embed_files")

DIST = Path(__file__).parents[2] / "embed" / "dist"
LOADER = "/embed.js"
CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
IMMUTABLE = "public, max-age=31536000, immutable"
SHORT_LIVED = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"
FILE_HEADERS = {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
    "content-security-policy": "default-src 'none'; sandbox",
    "vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file in its three encodings; the tag names the exact bytes."""

    encodings: Mapping[str, bytes]
    digest: str
    content_type: str
    cache_control: str


class EmbedFiles:
    """Serves every built file from memory; `renderers` maps a kind's slug to the URL of its renderer."""

    def __init__(self, dist: Path = DIST) -> None:
        self.files: dict[str, File] = {}
        self.renderers: dict[str, str] = {}
        self._load_built(dist)
        self._load_plugin_renderers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one file; raises WireError 404 and 405."""
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
        self.files[LOADER] = _compress((dist / "loader.js").read_bytes(), ".js", SHORT_LIVED)
        for path in sorted(dist.glob("*/*")):
            if path.suffix in CONTENT_TYPES:
                self.files[f"/embed/{path.parent.name}/{path.name}"] = _compress(path.read_bytes(), path.suffix, IMMUTABLE)
        for slug, name in manifest["kinds"].items():
            self.renderers[slug] = f"/embed/{manifest['current']}/{name}"

    def _load_plugin_renderers(self) -> None:
        for slug, path in _plugin_renderers():
            content = path.read_bytes()
            address = f"/embed/{hashlib.sha256(content).hexdigest()[:12]}/{slug}.js"
            self.files[address] = _compress(content, ".js", IMMUTABLE)
            self.renderers[slug] = address


def _plugin_renderers() -> Iterator[tuple[str, Path]]:
    for slug, kind in kinds().items():
        path = folder_of(kind) / "render.js"
        if slug not in BUILT_IN and path.exists():
            yield slug, path
        elif slug not in BUILT_IN:
            log.warning("the kind %s has no render.js beside its module and will not show", slug)


@lru_cache(maxsize=256)
def _compress(content: bytes, suffix: str, cache_control: str) -> File:
    encodings = {"br": brotli.compress(content), "gzip": gzip.compress(content, 9, mtime=0), "identity": content}
    return File(encodings, hashlib.sha256(content).hexdigest()[:32], CONTENT_TYPES[suffix], cache_control)


def _response(file: File, request_headers: Headers, method: str) -> Response:
    encoding = _choose_encoding(request_headers.get("accept-encoding", ""))
    tag = f'"{file.digest}-{encoding}"'
    headers = {**FILE_HEADERS, "etag": tag, "cache-control": file.cache_control}
    if _matches_etag(request_headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    content = file.encodings[encoding]
    headers |= {"content-type": file.content_type, "content-length": str(len(content))}
    if encoding != "identity":
        headers["content-encoding"] = encoding
    return Response(b"" if method == "HEAD" else content, 200, headers)


def _choose_encoding(accepted: str) -> str:
    offered = {part.partition(";")[0].strip().lower(): part.partition(";")[2].replace(" ", "") for part in accepted.split(",")}
    usable = [name for name in ("br", "gzip") if name in offered and offered[name] not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}]
    return usable[0] if usable else "identity"


def _matches_etag(listed: str, tag: str) -> bool:
    return listed.strip() == "*" or tag in {part.strip().removeprefix("W/") for part in listed.split(",")}
