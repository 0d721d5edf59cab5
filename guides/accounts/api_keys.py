"""Keys for customers' own programs: secret keys are kept as SHA-256, signing secrets sealed so that they can be read back."""

from __future__ import annotations

import base64
import hashlib
import os
import zlib
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from guides import clock, ids
from guides.accounts.one_time_links import digest
from guides.database import transaction
from guides.errors import Invalid, Unknown
from guides.models import ApiKey, Environment, Member, Project

MOST_SIGNING, MOST_SECRET = 2, 20
SCOPES = ("read", "write")
USED_EVERY = timedelta(minutes=1)


class Purpose(StrEnum):
    """What a key is for."""

    SECRET = "secret"
    SIGNING = "signing"


PREFIX = {Purpose.SECRET: "hr_sec_", Purpose.SIGNING: "hr_sig_"}


@transaction
async def create_key(
    environment: Environment, purpose: Purpose, label: str, by: Member | None, *, sealing: Sequence[str], scopes: Sequence[str] = SCOPES
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown now and never again; `sealing` are the instance's secret keys."""
    label = " ".join(label.split())[:100]
    if not label:
        raise Invalid("Say what the key is for, such as “Backend”.", "label")
    if not label.isprintable():
        raise Invalid("That name is too long or holds characters that cannot be shown.", "label")
    await Environment.select_for_update().get(id=environment.id)  # two who count at once would both find room
    most = {Purpose.SIGNING: MOST_SIGNING, Purpose.SECRET: MOST_SECRET}[purpose]
    if await ApiKey.filter(environment=environment, purpose=purpose, revoked_at=None).count() >= most:
        raise Invalid("This environment has as many of these as it may. Revoke one first.", "label")
    secret = _secret(purpose)
    key = ApiKey(environment=environment, purpose=purpose, label=label, digest=digest(secret), last4=secret[-4:], created_by=by)
    key.created_at, key.scopes = clock.now(), list(scopes) if purpose is Purpose.SECRET else []
    key.encrypted_secret = seal(secret, key.id, sealing) if purpose is Purpose.SIGNING else ""
    await key.save(force_create=True)
    return key, secret


async def revoke_key(environment: Environment, key: UUID) -> None:
    """Make a key worthless from now on; raises Unknown."""
    changed = await ApiKey.filter(environment=environment, id=key, revoked_at=None).update(revoked_at=clock.now(), encrypted_secret="")
    if changed != 1:
        raise Unknown("There is no such key here.")


async def keys_of(project: Project) -> list[ApiKey]:
    """The working keys of all its environments, newest first."""
    working = ApiKey.filter(environment__project=project, revoked_at=None)
    return await working.select_related("environment", "created_by").order_by("-created_at")


async def key_for(secret: str) -> ApiKey | None:
    """The working secret key of a bearer, with its environment; notes its use at most once a minute."""
    if not is_whole(secret):
        return None
    found = await ApiKey.filter(digest=digest(secret), purpose=Purpose.SECRET, revoked_at=None).select_related("environment").first()
    now = clock.now()
    if found and (found.last_used_at is None or found.last_used_at + USED_EVERY < now):
        await ApiKey.filter(id=found.id).update(last_used_at=now)
    return found


async def signing_secrets(environment: Environment, sealing: Sequence[str]) -> list[tuple[UUID, str]]:
    """The signing secrets that work in this environment, read back."""
    found = await ApiKey.filter(environment=environment, purpose=Purpose.SIGNING, revoked_at=None).order_by("created_at")
    return [(key.id, unseal(key.encrypted_secret, key.id, sealing)) for key in found]


def is_whole(secret: str) -> bool:
    """Whether a secret key's own check digits are right; false for what was cut or mistyped."""
    body, _, check = secret.rpartition("_")
    return len(secret) < 100 and secret.isascii() and body.startswith(PREFIX[Purpose.SECRET]) and check == _check(body)


def seal(text: str, row: UUID, sealing: Sequence[str]) -> str:
    """Encrypt a secret for one row, with the first of the instance's keys."""
    nonce = os.urandom(12)
    box = AESGCM(_derived(sealing[0])).encrypt(nonce, text.encode(), _context(row))
    return base64.urlsafe_b64encode(nonce + box).decode()


def unseal(sealed: str, row: UUID, sealing: Sequence[str]) -> str:
    """Read a sealed secret back, with whichever of the instance's keys fits; raises Unknown."""
    box = base64.urlsafe_b64decode(sealed)
    for key in sealing:
        try:
            return AESGCM(_derived(key)).decrypt(box[:12], box[12:], _context(row)).decode()
        except InvalidTag:
            continue
    raise Unknown("This secret was sealed with a key that is no longer set.")


def _secret(purpose: Purpose) -> str:
    body = ids.secret(PREFIX[purpose])
    return f"{body}_{_check(body)}" if purpose is Purpose.SECRET else body


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"[:6]


def _derived(key: str) -> bytes:
    return hashlib.blake2b(b"sealing:v1", key=hashlib.sha256(key.encode()).digest(), digest_size=32).digest()


def _context(row: UUID) -> bytes:
    return b"api_key.encrypted_secret:" + row.bytes
