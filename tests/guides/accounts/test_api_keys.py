"""Keys for customers' own programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from guides.accounts import api_keys as keys
from guides.accounts.api_keys import KeyPurpose
from guides.errors import Invalid, Unknown
from guides.models import ApiKey, Environment, Member
from tests.conftest import HeldClock

SEALING = ["the present secret of this instance", "the one before it"]


async def test_a_secret_key_names_its_environment(production: Environment, owner: Member) -> None:
    key, secret = await keys.create_key(production, KeyPurpose.SECRET, "Backend", owner, secret_keys=SEALING)
    found = await keys.find_key(secret)
    assert found and found.id == key.id and found.environment.id == production.id
    assert (key.last4, key.scopes, key.encrypted_secret) == (secret[-4:], ["read", "write"], "")
    assert secret not in str(await ApiKey.all().values())


async def test_a_mistyped_key_is_refused_before_the_database_is_asked(production: Environment, owner: Member) -> None:
    _key, secret = await keys.create_key(production, KeyPurpose.SECRET, "Backend", owner, secret_keys=SEALING)
    for wrong in (secret[:-1], secret + "0", secret.upper(), secret.replace("hr_sec_", "hr_pub_"), "", "hr_sec_", "é" * 60):
        assert not keys.has_valid_checksum(wrong)
        assert await keys.find_key(wrong) is None


async def test_a_revoked_key_stops_working(production: Environment, owner: Member) -> None:
    key, secret = await keys.create_key(production, KeyPurpose.SECRET, "Backend", owner, secret_keys=SEALING)
    await keys.revoke_key(production, key.id)
    assert await keys.find_key(secret) is None
    with pytest.raises(Unknown):
        await keys.revoke_key(production, key.id)


async def test_a_key_is_revoked_in_its_own_environment_only(production: Environment, staging: Environment, owner: Member) -> None:
    key, secret = await keys.create_key(production, KeyPurpose.SECRET, "Backend", owner, secret_keys=SEALING)
    with pytest.raises(Unknown):
        await keys.revoke_key(staging, key.id)
    assert await keys.find_key(secret)


async def test_the_use_of_a_key_is_noted_once_a_minute(
    production: Environment, owner: Member, clock_at: Callable[[str], HeldClock]
) -> None:
    held = clock_at("2026-03-01T12:00:00+00:00")
    key, secret = await keys.create_key(production, KeyPurpose.SECRET, "Backend", owner, secret_keys=SEALING)
    noted = []
    for seconds in (0, 30, 61):
        held.move(seconds=seconds)
        await keys.find_key(secret)
        noted.append((await ApiKey.get(id=key.id)).last_used_at)
    assert noted[0] == noted[1] != noted[2]


async def test_a_signing_secret_can_be_read_back_and_rotated(production: Environment, owner: Member) -> None:
    old, first = await keys.create_key(production, KeyPurpose.SIGNING, "Old", owner, secret_keys=SEALING[1:])
    _new, second = await keys.create_key(production, KeyPurpose.SIGNING, "New", owner, secret_keys=SEALING)
    assert [secret for _id, secret in await keys.signing_secrets(production, SEALING)] == [first, second]
    with pytest.raises(Invalid):
        await keys.create_key(production, KeyPurpose.SIGNING, "Third", owner, secret_keys=SEALING)
    await keys.revoke_key(production, old.id)
    assert [secret for _id, secret in await keys.signing_secrets(production, SEALING)] == [second]
    assert (await ApiKey.get(id=old.id)).encrypted_secret == ""


async def test_a_sealed_secret_cannot_move_to_another_row_or_instance(production: Environment, owner: Member) -> None:
    one, secret = await keys.create_key(production, KeyPurpose.SIGNING, "One", owner, secret_keys=SEALING)
    two, _other = await keys.create_key(production, KeyPurpose.SIGNING, "Two", owner, secret_keys=SEALING)
    assert secret not in one.encrypted_secret
    for row, sealing in [(two.id, SEALING), (one.id, ["somebody else's secret"])]:
        with pytest.raises(Unknown):
            keys.decrypt(one.encrypted_secret, row, sealing)


async def test_a_signing_secret_is_no_bearer(production: Environment, owner: Member) -> None:
    _key, secret = await keys.create_key(production, KeyPurpose.SIGNING, "Identity", owner, secret_keys=SEALING)
    assert await keys.find_key(secret) is None


async def test_two_signing_secrets_are_the_most_even_at_once(production: Environment, owner: Member) -> None:
    making = (keys.create_key(production, KeyPurpose.SIGNING, "x", owner, secret_keys=SEALING) for _ in range(6))
    made = await asyncio.gather(*making, return_exceptions=True)
    assert sum(isinstance(one, Invalid) for one in made) == 4
