"""The only door for mail: SMTP when it is set, else the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from guides.errors import Invalid

log = logging.getLogger("handrail.mail")
TIMEOUT = 20


@dataclass(frozen=True)
class Mail:
    """Where mail goes out, such as smtps://name:secret@mail.example:465, and who it is from."""

    url: str = ""
    sender: str = "handrail@localhost"

    @property
    def is_set(self) -> bool:
        """Whether mail leaves this machine."""
        return bool(self.url)

    async def send(self, to: str, subject: str, text: str) -> None:
        """Send one message; what fails is logged, because nobody waits for the answer."""
        if not self.url:
            log.warning("No SMTP server is set, so this message is only written here.\nTo: %s\nSubject: %s\n\n%s", to, subject, text)
            return
        try:
            await self._deliver(compose(self.sender, to, subject, text))
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError, Invalid) as error:
            log.error("Mail to %s was not sent: %s", to, error)

    async def _deliver(self, message: EmailMessage) -> None:
        server = urlsplit(self.url)
        tls = server.scheme == "smtps"
        await aiosmtplib.send(
            message,
            hostname=server.hostname or "localhost",
            port=server.port or (465 if tls else 587),
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=tls,
            timeout=TIMEOUT,
        )


def compose(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """A plain text message; line breaks in a header are refused."""
    if any(mark in value for value in (sender, to, subject) for mark in "\r\n\x00"):
        raise Invalid("A mail header cannot hold line breaks.")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message.set_content(text)
    return message
