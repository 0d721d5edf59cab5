"""Keys for customers' own programs: secret keys are kept as SHA-256, signing secrets encrypted so that they can be read back."""

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

MAX_SIGNING, MAX_SECRET = 2, 20
SCOPES = ("read", "write")
LAST_USED_INTERVAL = timedelta(minutes=1)


class KeyPurpose(StrEnum):
    """What a key is for."""

    SECRET = "secret"
    SIGNING = "signing"


PREFIX = {KeyPurpose.SECRET: "hr_sec_", KeyPurpose.SIGNING: "hr_sig_"}


@transaction
async def create_key(
    environment: Environment,
    purpose: KeyPurpose,
    label: str,
    by: Member | None,
    *,
    secret_keys: Sequence[str],
    scopes: Sequence[str] = SCOPES,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which is shown now and never again; `secret_keys` are the instance's secret keys."""
    label = " ".join(label.split())[:100]
    if not label:
        raise Invalid("Say what the key is for, such as “Backend”.", "label")
    if not label.isprintable():
        raise Invalid("That name is too long or holds characters that cannot be shown.", "label")
    await Environment.select_for_update().get(id=environment.id)  # two who count at once would both find room
    limit = {KeyPurpose.SIGNING: MAX_SIGNING, KeyPurpose.SECRET: MAX_SECRET}[purpose]
    if await ApiKey.filter(environment=environment, purpose=purpose, revoked_at=None).count() >= limit:
        raise Invalid("This environment has as many of these as it may. Revoke one first.", "label")
    secret = _secret(purpose)
    key = ApiKey(environment=environment, purpose=purpose, label=label, digest=digest(secret), last4=secret[-4:], created_by=by)
    key.created_at, key.scopes = clock.now(), list(scopes) if purpose is KeyPurpose.SECRET else []
    key.encrypted_secret = encrypt(secret, key.id, secret_keys) if purpose is KeyPurpose.SIGNING else ""
    await key.save(force_create=True)
    return key, secret


async def revoke_key(environment: Environment, key: UUID) -> None:
    """Revoke a key; raises Unknown."""
    changed = await ApiKey.filter(environment=environment, id=key, revoked_at=None).update(revoked_at=clock.now(), encrypted_secret="")
    if changed != 1:
        raise Unknown("There is no such key here.")


async def list_keys(project: Project) -> list[ApiKey]:
    """The working keys of all its environments, newest first."""
    unrevoked = ApiKey.filter(environment__project=project, revoked_at=None)
    return await unrevoked.select_related("environment", "created_by").order_by("-created_at")


async def find_key(secret: str) -> ApiKey | None:
    """The working secret key of a bearer, with its environment; notes its use at most once a minute."""
    if not has_valid_checksum(secret):
        return None
    key = await ApiKey.filter(digest=digest(secret), purpose=KeyPurpose.SECRET, revoked_at=None).select_related("environment").first()
    now = clock.now()
    if key and (key.last_used_at is None or key.last_used_at + LAST_USED_INTERVAL < now):
        await ApiKey.filter(id=key.id).update(last_used_at=now)
    return key


async def signing_secrets(environment: Environment, secret_keys: Sequence[str]) -> list[tuple[UUID, str]]:
    """The signing secrets that work in this environment, read back."""
    keys = await ApiKey.filter(environment=environment, purpose=KeyPurpose.SIGNING, revoked_at=None).order_by("created_at")
    return [(key.id, decrypt(key.encrypted_secret, key.id, secret_keys)) for key in keys]


def has_valid_checksum(secret: str) -> bool:
    """Whether a secret key's own check digits are right; false for what was cut or mistyped."""
    body, _, check = secret.rpartition("_")
    return len(secret) < 100 and secret.isascii() and body.startswith(PREFIX[KeyPurpose.SECRET]) and check == _check(body)


def encrypt(text: str, row: UUID, secret_keys: Sequence[str]) -> str:
    """Encrypt a secret for one row, with the first of the instance's keys."""
    nonce = os.urandom(12)
    ciphertext = AESGCM(_derived(secret_keys[0])).encrypt(nonce, text.encode(), _context(row))
    return base64.urlsafe_b64encode(nonce + ciphertext).decode()


def decrypt(encrypted: str, row: UUID, secret_keys: Sequence[str]) -> str:
    """Read a encrypted secret back, with whichever of the instance's keys fits; raises Unknown."""
    ciphertext = base64.urlsafe_b64decode(encrypted)
    for key in secret_keys:
        try:
            return AESGCM(_derived(key)).decrypt(ciphertext[:12], ciphertext[12:], _context(row)).decode()
        except InvalidTag:
            continue
    raise Unknown("This secret was encrypted with a key that is no longer set.")


def _secret(purpose: KeyPurpose) -> str:
    body = ids.secret(PREFIX[purpose])
    return f"{body}_{_check(body)}" if purpose is KeyPurpose.SECRET else body


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"[:6]


def _derived(key: str) -> bytes:
    return hashlib.blake2b(b"secret_keys:v1", key=hashlib.sha256(key.encode()).digest(), digest_size=32).digest()


def _context(row: UUID) -> bytes:
    return b"api_key.encrypted_secret:" + row.bytes
