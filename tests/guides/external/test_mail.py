"""Mail: by SMTP when it is set, else in the log."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from guides.errors import Invalid
from guides.external.mail import Mail, compose


@asynccontextmanager
async def post_office(answers: dict[str, str] | None = None) -> AsyncIterator[tuple[str, list[str]]]:
    """A mail server of this test: its address, and the lines it was sent."""
    heard: list[str] = []
    known = {"DATA": "354 go on", "QUIT": "221 bye", **(answers or {})}

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        inside = False
        async for sent in reader:
            line = sent.decode().rstrip("\r\n")
            heard.append(line)
            inside = (inside or line == "DATA") and line != "."
            if not inside or line == "DATA":
                writer.write(known.get(line.split()[0], "250 fine").encode() + b"\r\n")
            if line == "QUIT":
                break
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield f"smtp://127.0.0.1:{port}", heard


async def test_a_message_reaches_the_mail_server() -> None:
    async with post_office() as (url, heard):
        await Mail(url, "Handrail <help@acme.example>").send("nadia@acme.example", "Invitation to Acme", "Come in: https://x.example")
    assert any("nadia@acme.example" in line for line in heard if line.startswith("RCPT"))
    assert "Subject: Invitation to Acme" in heard
    assert "Come in: https://x.example" in heard


async def test_without_a_server_the_message_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "handrail.mail")
    assert not Mail().is_set
    await Mail().send("nadia@acme.example", "Invitation", "https://handrail.example/admin/invitation?token=abc")
    assert "https://handrail.example/admin/invitation?token=abc" in caplog.text


@pytest.mark.parametrize("to", ["nadia@acme.example", "a..b@acme.example", "nadia@acme.example\r\nBcc: all@acme.example"])
async def test_what_cannot_be_sent_is_logged_and_breaks_nothing(to: str, caplog: pytest.LogCaptureFixture) -> None:
    async with post_office({"RCPT": "550 nobody here"}) as (url, _heard):
        await Mail(url).send(to, "Invitation", "text")
    assert "was not sent" in caplog.text


@pytest.mark.parametrize("place", ["sender", "to", "subject"])
def test_a_header_never_holds_a_line_break(place: str) -> None:
    words = {"sender": "a@b.example", "to": "a@b.example", "subject": "Hello", "text": "x"}
    with pytest.raises(Invalid):
        compose(**{**words, place: words[place] + "\r\nBcc: all@acme.example"})
