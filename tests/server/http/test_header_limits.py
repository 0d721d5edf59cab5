"""On the wire itself: heads without end, bodies that do not come, and requests within requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from server.app import App
from server.cli.serve import Server, _uvicorn_config, bind_socket
from server.http import header_limits
from server.http import middleware as entrance

Open = Callable[[bytes], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
HOST = b"Host: 127.0.0.1\r\n"
SIGNING_IN = (
    b"Sec-Fetch-Site: same-origin\r\nCookie: __Host-hr_pre=" + b"a" * 43 + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)


@pytest.fixture
async def connect(app: App) -> AsyncIterator[Open]:
    """Open a connection to the service as it listens, and send some bytes."""
    listening = bind_socket("127.0.0.1", 0)
    server = Server(_uvicorn_config(app, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    await server.ready.wait()
    opened: list[asyncio.StreamWriter] = []

    async def connected(sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        opened.append(writer)
        writer.write(sent)
        return reader, writer

    yield connected
    for writer in opened:
        writer.close()
    server.should_exit = server.force_exit = True
    await serving


async def status(reader: asyncio.StreamReader) -> int:
    return int((await reader.readline()).split()[1])


@pytest.mark.parametrize("head", [b"X: ", b"Cookie: a=", b"X: 1\r\n" * 9000 + b"Y: "])
async def test_a_head_without_end_is_not_gathered(connect: Open, head: bytes) -> None:
    reader, writer = await connect(b"GET /livez HTTP/1.1\r\n" + HOST + head)
    sent = 0
    with suppress(ConnectionError):
        while sent < 200 and not reader.at_eof():
            writer.write(b"a" * 65_536)
            await writer.drain()
            sent += 1
    assert sent < 200


async def test_an_address_without_end_is_not_gathered(connect: Open) -> None:
    reader, _ = await connect(b"GET /" + b"a" * 200_000)
    assert await status(reader) == 400


async def test_what_follows_a_body_is_not_gathered_without_end(connect: Open) -> None:
    chunked = b"POST /csp-report HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n"
    reader, writer = await connect(chunked)
    writer.write(b"X: " + b"a" * 200_000)
    answers = await reader.read()
    assert b"too large" in answers or answers.startswith(b"HTTP/1.1 204")
    assert reader.at_eof()


async def test_a_head_that_does_not_come_ends_the_connection(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_limits, "HEAD_SECONDS", 0.05)
    for sent in (b"", b"GET /livez HT", b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\nGET /li"):
        reader, _ = await connect(sent)
        answered = await reader.read()
        assert answered.startswith(b"HTTP/1.1 200") is sent.endswith(b"/li")


async def test_a_form_that_does_not_come_is_given_up(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entrance, "BODY_SECONDS", 0.05)
    reader, _ = await connect(b"POST /admin/login HTTP/1.1\r\n" + HOST + SIGNING_IN + b"Content-Length: 1000000\r\n\r\nemail=")
    assert await status(reader) in {403, 408}


async def test_connections_are_used_again(connect: Open) -> None:
    reader, writer = await connect(b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n")
    for _ in range(3):
        assert await status(reader) == 200
        await reader.readuntil(b"alive")
        writer.write(b"POST /csp-report HTTP/1.1\r\n" + HOST + b"Content-Length: 100000\r\n\r\n" + b"a" * 100_000)
        assert await status(reader) == 204
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n")


@pytest.mark.parametrize(
    "twisted",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /livez HTTP/1.1\r\n" + HOST + b"\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"Content-Length: +4\r\n\r\nabcd",
        b"Content-Length: 0x4\r\n\r\nabcd",
        b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\x0b\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"X: 1\n\n",
    ],
)
async def test_a_request_within_a_request_is_refused_and_the_connection_ends(connect: Open, twisted: bytes) -> None:
    reader, _ = await connect(b"POST /csp-report HTTP/1.1\r\n" + HOST + twisted)
    answers = await reader.read()
    assert answers.startswith(b"HTTP/1.1 400") and answers.count(b"HTTP/1.1") == 1
