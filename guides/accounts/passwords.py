"""Passwords: argon2id, two at a time in threads; what may be one is said here."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guides.errors import DomainError, Invalid

SHORTEST, LONGEST = 12, 1024
AT_ONCE, WAITING = 2, 32
_argon = PasswordHasher()


class Crowded(DomainError):
    """Too many passwords are being checked; trying again in a moment is right."""

    code = "busy"


class _Door:
    """Lets two in, lets a few wait, turns the rest away; each event loop has its own."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0
        self._inside = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> None:
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop, self._waiting, self._inside = loop, 0, asyncio.Semaphore(AT_ONCE)
        if self._waiting >= AT_ONCE + WAITING:
            raise Crowded("Too many people are signing in right now. Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._inside.acquire()
        except BaseException:
            self._waiting -= 1
            raise

    async def __aexit__(self, *error: object) -> None:
        self._waiting -= 1
        self._inside.release()


_door = _Door()


def check(password: str, *names: str) -> str:
    """The password when it may be one; raises Invalid. Nothing is trimmed or cut."""
    size = len(_encoded(password))
    if size < SHORTEST:
        raise Invalid("Write at least 12 characters. A short sentence is easy to remember.", "password")
    if size > LONGEST:
        raise Invalid("That is longer than 1,024 characters.", "password")
    folded = password.casefold()
    if folded in _common() or len(set(folded)) < 4 or folded in {name.casefold() for name in names}:
        raise Invalid("That password is easy to guess. Choose one that is not on lists of common passwords.", "password")
    return password


async def hashed(password: str) -> str:
    """What is stored instead of the password; some 50 ms of one core and 64 MB."""
    async with _door:
        return await asyncio.to_thread(_argon.hash, _encoded(password))


async def matches(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored one it takes as long and is false."""
    try:
        given = _encoded(password)
    except Invalid:
        given = b""
    if len(given) > LONGEST:
        return False
    async with _door:
        right = await asyncio.to_thread(_verify, stored or _dummy(), given)
    return right and bool(stored)


def is_dated(stored: str) -> bool:
    """Whether it was made with weaker settings than today's."""
    return _argon.check_needs_rehash(stored)


def _verify(stored: str, given: bytes) -> bool:
    try:
        return _argon.verify(stored, given)
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    try:
        given = password.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The password holds a character that cannot be typed everywhere.", "password") from error
    if b"\x00" in given:
        raise Invalid("The password holds a character that cannot be typed everywhere.", "password")
    return given


@cache
def _dummy() -> str:
    return _argon.hash(b"nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split("\n"))
