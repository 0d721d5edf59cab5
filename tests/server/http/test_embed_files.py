"""The built files: small, compressed once, kept for ever, and the same whatever the request says."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli
import httpx2
import pytest

from server.app import App
from server.http.embed_files import EmbedFiles

RUNTIME = b"export const runtime = 1;\n" * 200


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What the build of the embed leaves."""
    folder = tmp_path / "dist"
    (folder / "abc123").mkdir(parents=True)
    (folder / "loader.js").write_bytes(b"/* loader */ import('/embed/abc123/runtime.js');\n" * 40)
    (folder / "abc123" / "runtime.js").write_bytes(RUNTIME)
    (folder / "abc123" / "tour.js").write_text("export default 1;")
    (folder / "abc123" / "notes.txt").write_text("not for browsers")
    (folder / "manifest.json").write_text(json.dumps({"current": "abc123", "kinds": {"tour": "tour.js"}}))
    return folder


@pytest.fixture
async def files(app: App, web: httpx2.AsyncClient, dist: Path) -> httpx2.AsyncClient:
    """A client of a service with these files."""
    app.services.embed_files = EmbedFiles(dist)
    return web


async def test_files_carry_exactly_the_headers_that_make_them_safe_and_fast(files: httpx2.AsyncClient) -> None:
    answer = await files.get("/embed/abc123/runtime.js", headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200
    wanted = {
        "content-type": "text/javascript; charset=utf-8",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "Accept-Encoding",
        "content-encoding": "br",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert "set-cookie" not in answer.headers
    loader = await files.get("/embed.js")
    assert loader.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br, gzip", "br"),
        ("gzip, deflate, br;q=0.9", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000, gzip;q=0", ""),
        ("identity", ""),
        ("", ""),
        ("bromide", ""),
    ],
)
async def test_the_smallest_form_a_browser_takes_is_sent(dist: Path, app: App, accepted: str, coding: str) -> None:
    app.services.embed_files = EmbedFiles(dist)
    sent: list[dict[str, object]] = []

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"accept-encoding", accepted.encode())]
    scope = {"type": "http", "method": "GET", "path": "/embed/abc123/runtime.js", "query_string": b"", "headers": headers, "client": None}
    await app(scope, None, send)  # type: ignore[arg-type]
    told = dict(sent[0]["headers"])  # type: ignore[call-overload]
    assert told.get(b"content-encoding", b"").decode() == coding
    body = bytes(sent[1]["body"])  # type: ignore[call-overload]
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}[coding]
    assert unpack(body) == RUNTIME and int(told[b"content-length"]) == len(body)
    assert not coding or len(body) < len(RUNTIME) / 10


async def test_a_browser_that_has_the_file_is_told_so(files: httpx2.AsyncClient) -> None:
    first = await files.get("/embed.js")
    for known in (first.headers["etag"], f'"other", W/{first.headers["etag"]}', "*"):
        again = await files.get("/embed.js", headers={"if-none-match": known})
        assert again.status_code == 304 and again.content == b""
        assert again.headers["etag"] == first.headers["etag"] and again.headers["cache-control"] == first.headers["cache-control"]
    assert (await files.get("/embed.js", headers={"if-none-match": '"other"'})).status_code == 200


async def test_head_says_the_same_without_the_body(files: httpx2.AsyncClient) -> None:
    head, got = await files.head("/embed.js"), await files.get("/embed.js")
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"] and head.headers["etag"] == got.headers["etag"]


async def test_a_range_is_not_worth_the_trouble(files: httpx2.AsyncClient) -> None:
    answer = await files.get("/embed/abc123/runtime.js", headers={"range": "bytes=" + ",".join(f"{n}-{n}" for n in range(2000))})
    assert answer.status_code == 200 and answer.content == RUNTIME


async def test_nothing_but_built_scripts_is_served(files: httpx2.AsyncClient) -> None:
    for path in (
        "/embed/abc123/notes.txt",
        "/embed/manifest.json",
        "/embed/abc123/",
        "/embed/other/runtime.js",
        "/embed/abc123/runtime.js.map",
    ):
        answer = await files.get(f"/embed/{path}")
        assert answer.status_code == 404 and answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cache-control"] == "no-store"


async def test_no_header_and_no_query_changes_what_is_kept(files: httpx2.AsyncClient) -> None:
    plain = await files.get("/embed.js")
    unkeyed = ["x-forwarded-host", "x-forwarded-scheme", "x-original-url", "accept-language", "origin", "cookie", "user-agent"]
    for name in unkeyed:
        other = await files.get("/embed.js?cb=1&utm_source=x", headers={name: "http://evil.example"})
        same = {key: value for key, value in other.headers.items() if key != "x-request-id"}
        assert same == {key: value for key, value in plain.headers.items() if key != "x-request-id"} and other.content == plain.content


def test_a_checkout_without_built_files_starts_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert EmbedFiles(tmp_path).files == {} and "has not been built" in caplog.text
