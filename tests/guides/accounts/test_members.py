"""Members, their roles, and the links that bring them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

import pytest

from guides.accounts import members, passwords, sessions
from guides.accounts import one_time_links as tokens
from guides.accounts.one_time_links import LinkPurpose
from guides.errors import Invalid, Refused, Unknown
from guides.models import Member, Membership, OneTimeLink, Project, Role
from tests.conftest import PASSWORD, HeldClock

NEW = "another long sentence"
GRANTS = {
    Role.OWNER: set(Role),
    Role.ADMIN: {Role.ADMIN, Role.EDITOR, Role.AGENT, Role.VIEWER},
    Role.EDITOR: set(),
    Role.AGENT: set(),
    Role.VIEWER: set(),
}


async def membership_of(project: Project, member: Member) -> UUID:
    return (await Membership.get(project=project, member=member)).id


@pytest.mark.parametrize("email", ["Nadia@Example.com", "  nadia@example.com ", "ＮＡＤＩＡ@example.com"])
def test_one_address_is_one_member_however_it_is_written(email: str) -> None:
    assert members.normalize_email(email) == "nadia@example.com"


@pytest.mark.parametrize(
    "email", ["", "nadia", "a@b@c", "a b@c.example", "a@\r\nBcc: x@y.example", "<a@b.example>", "a" * 300 + "@b.example"]
)
def test_what_is_not_an_address_is_refused(email: str) -> None:
    with pytest.raises(Invalid):
        members.normalize_email(email)


async def test_a_member_signs_in_with_the_right_password_only(owner: Member) -> None:
    assert await members.authenticate(" OWNER@example.com", PASSWORD) == owner
    for email, password in [
        (owner.email, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("", ""),
        (owner.email, "\ud800"),
        (owner.email, "x" * 9999),
    ]:
        assert await members.authenticate(email, password) is None


async def test_an_address_is_taken_once(owner: Member) -> None:
    with pytest.raises(Invalid):
        await members.add_member("Owner@Example.com", "Second", NEW)


@pytest.mark.parametrize("by", Role)
@pytest.mark.parametrize("role", Role)
async def test_nobody_gives_more_than_they_hold(by: Role, role: Role, project: Project, viewer: Member) -> None:
    giver = await members.add_member("giver@example.com", "Giver", NEW)
    await members.add_to_project(project, giver, by)
    target = await membership_of(project, viewer)
    if role in GRANTS[by]:
        await members.change_role(project, target, role, giver)
        await members.invite(project, "new@example.com", role, giver)
        assert (await Membership.get(id=target)).role is role
        return
    with pytest.raises(Refused):
        await members.change_role(project, target, role, giver)
    with pytest.raises(Refused):
        await members.invite(project, "new@example.com", role, giver)
    assert (await Membership.get(id=target)).role is Role.VIEWER


async def test_nobody_changes_their_own_role(project: Project, admin: Member) -> None:
    with pytest.raises(Refused):
        await members.change_role(project, await membership_of(project, admin), Role.ADMIN, admin)


async def test_an_owner_is_out_of_reach_of_an_admin(project: Project, owner: Member, admin: Member) -> None:
    own = await membership_of(project, owner)
    with pytest.raises(Refused):
        await members.change_role(project, own, Role.VIEWER, admin)
    with pytest.raises(Refused):
        await members.remove_member(project, own, admin)


async def test_the_last_owner_stays(project: Project, owner: Member, admin: Member) -> None:
    with pytest.raises(Refused):
        await members.leave_project(project, owner)
    await members.change_role(project, await membership_of(project, admin), Role.OWNER, owner)
    await members.leave_project(project, owner)
    assert await members.find_role(project, owner) is None


async def test_two_owners_cannot_remove_each_other_at_once(project: Project, owner: Member, admin: Member) -> None:
    for _round in range(5):
        await Membership.filter(project=project).delete()
        for member in (owner, admin):
            await members.add_to_project(project, member, Role.OWNER)
        one, two = await membership_of(project, owner), await membership_of(project, admin)
        done = await asyncio.gather(
            members.remove_member(project, two, owner), members.remove_member(project, one, admin), return_exceptions=True
        )
        assert sum(outcome is None for outcome in done) == 1
        assert await Membership.filter(project=project, role=Role.OWNER).count() == 1


async def test_a_removed_member_leaves_no_open_invitations(project: Project, owner: Member, admin: Member) -> None:
    secret = await members.invite(project, "new@example.com", Role.VIEWER, admin)
    await members.remove_member(project, await membership_of(project, admin), owner)
    with pytest.raises(Unknown):
        await members.get_invitation(secret)


async def test_invitations_stay_only_while_they_could_still_be_made(project: Project, owner: Member, admin: Member) -> None:
    secret = await members.invite(project, "new@example.com", Role.ADMIN, admin)
    await members.change_role(project, await membership_of(project, admin), Role.EDITOR, owner)
    with pytest.raises(Unknown):
        await members.get_invitation(secret)


async def test_an_invitation_ends_after_a_week(project: Project, owner: Member, clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-03-01T12:00:00+00:00")
    secret = await members.invite(project, "new@example.com", Role.VIEWER, owner)
    held.move(days=6.9)
    assert (await members.get_invitation(secret)).email == "new@example.com"
    held.move(days=0.2)
    with pytest.raises(Unknown):
        await members.create_invited_member(secret, "New", NEW)


async def test_an_invitation_accepted_twice_at_once_works_once(project: Project, owner: Member) -> None:
    secret = await members.invite(project, "new@example.com", Role.VIEWER, owner)
    done = await asyncio.gather(*(members.create_invited_member(secret, "New", NEW) for _time in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, tuple) for outcome in done) == 1
    assert await Member.filter(email="new@example.com").count() == 1


async def test_a_link_of_one_purpose_is_worthless_for_another(project: Project, owner: Member) -> None:
    invitation = await members.invite(project, "new@example.com", Role.VIEWER, owner)
    found = await members.create_reset_link(owner.email)
    assert found
    for purpose, secret in [(LinkPurpose.RESET, invitation), (LinkPurpose.SETUP, invitation), (LinkPurpose.INVITATION, found[1])]:
        with pytest.raises(Unknown):
            await tokens.use_link(purpose, secret)


async def test_a_newer_reset_link_replaces_the_older(owner: Member) -> None:
    first, second = await members.create_reset_link(owner.email), await members.create_reset_link(owner.email)
    assert first and second
    with pytest.raises(Unknown):
        await members.reset_password(first[1], NEW)
    await members.reset_password(second[1], NEW)
    assert await members.authenticate(owner.email, NEW)


async def test_a_reset_link_ends_after_an_hour_and_with_the_old_password(owner: Member, clock_at: Callable[[str], HeldClock]) -> None:
    held = clock_at("2026-03-01T12:00:00+00:00")
    late = await members.create_reset_link(owner.email)
    assert late
    held.move(minutes=61)
    with pytest.raises(Unknown):
        await members.reset_password(late[1], NEW)
    voided = await members.create_reset_link(owner.email)
    assert voided
    await members.change_password(owner, NEW)
    with pytest.raises(Unknown):
        await members.reset_password(voided[1], "a third long sentence")


async def test_links_and_cookies_are_stored_as_digests_only(project: Project, owner: Member) -> None:
    secret = await members.invite(project, "new@example.com", Role.VIEWER, owner)
    cookie = await sessions.open_session(owner)
    rows = [*(await OneTimeLink.all().values()), *(await owner.sessions.all().values())]  # type: ignore[attr-defined]
    assert secret not in str(rows)
    assert cookie not in str(rows)


@pytest.mark.parametrize("password", ["eleven chars", "é" * 12, " leading and trailing ", "😀 four kinds of 🎉", "x y z " * 100])
def test_long_and_odd_passwords_are_taken_as_they_are(password: str) -> None:
    if len(set(password)) >= 4:
        assert passwords.validate_password(password) == password


@pytest.mark.parametrize(
    "password", ["short", "password1234", "Qwerty123456", "aaaaaaaaaaaaaaaa", "a\x00bcdefghijklmn", "\ud800" + "a" * 20, "x1y2" * 400]
)
def test_passwords_that_are_easy_or_cannot_be_typed_are_refused(password: str) -> None:
    with pytest.raises(Invalid):
        passwords.validate_password(password)


def test_ones_own_name_is_no_password() -> None:
    with pytest.raises(Invalid):
        passwords.validate_password("Nadia@Example.com", "nadia@example.com")


async def test_a_password_is_stored_as_argon2id_and_hashed_anew_when_settings_rise(owner: Member) -> None:
    assert owner.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not passwords.needs_rehash(owner.password_hash)


async def test_a_crowd_is_turned_away_instead_of_waiting(owner: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_WAITING", 2)
    tries = [passwords.verify_password(owner.password_hash, "wrong") for _time in range(8)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, passwords.TooBusy) for outcome in done) == 4
    assert await passwords.verify_password(owner.password_hash, PASSWORD)
