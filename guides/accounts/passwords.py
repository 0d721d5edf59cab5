"""Passwords: which are accepted, and their argon2id hashes, computed two at a time in threads."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from guides.errors import DomainError, Invalid

SHORTEST, LONGEST = 12, 1024
MAX_CONCURRENT, MAX_WAITING = 2, 32
_argon = PasswordHasher()


class TooBusy(DomainError):
    """Too many passwords are being checked; trying again in a moment is right."""

    code = "busy"


class _HashLimiter:
    """Limits how many hashes are computed at once and how many wait; raises TooBusy beyond. Each event loop has its own."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting = 0
        self._semaphore = asyncio.Semaphore(MAX_CONCURRENT)

    async def __aenter__(self) -> None:
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop, self._waiting, self._semaphore = loop, 0, asyncio.Semaphore(MAX_CONCURRENT)
        if self._waiting >= MAX_CONCURRENT + MAX_WAITING:
            raise TooBusy("Too many people are signing in right now. Try again in a few seconds.")
        self._waiting += 1
        try:
            await self._semaphore.acquire()
        except BaseException:
            self._waiting -= 1
            raise

    async def __aexit__(self, *error: object) -> None:
        self._waiting -= 1
        self._semaphore.release()


_limiter = _HashLimiter()


def validate_password(password: str, *names: str) -> str:
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


async def hash_password(password: str) -> str:
    """What is stored instead of the password; some 50 ms of one core and 64 MB."""
    async with _limiter:
        return await asyncio.to_thread(_argon.hash, _encoded(password))


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether this is the password; without a stored one it takes as long and is false."""
    try:
        encoded = _encoded(password)
    except Invalid:
        encoded = b""
    if len(encoded) > LONGEST:
        return False
    async with _limiter:
        is_right = await asyncio.to_thread(_verify, stored or _dummy(), encoded)
    return is_right and bool(stored)


def needs_rehash(stored: str) -> bool:
    """Whether the hash was computed with weaker parameters than today's."""
    return _argon.check_needs_rehash(stored)


def _verify(stored: str, encoded: bytes) -> bool:
    try:
        return _argon.verify(stored, encoded)
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    try:
        encoded = password.encode()
    except UnicodeEncodeError as error:
        raise Invalid("The password holds a character that cannot be typed everywhere.", "password") from error
    if b"\x00" in encoded:
        raise Invalid("The password holds a character that cannot be typed everywhere.", "password")
    return encoded


@cache
def _dummy() -> str:
    return _argon.hash(b"nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split("\n"))
