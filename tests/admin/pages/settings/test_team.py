"""The team page and invitations."""

from __future__ import annotations

import re
from uuid import UUID

import httpx2
import pytest

from guides.accounts import members
from guides.models import Member, Membership, OneTimeLink, Project, Role
from tests.http_clients import SignIn

TEAM = "/admin/acme/settings/team"


async def membership_of(member: Member) -> UUID:
    return (await Membership.get(member=member, project__slug="acme")).id


async def link_for(browser: httpx2.AsyncClient, email: str, role: str = "editor") -> str:
    answer = await browser.post(f"{TEAM}/invitations", data={"email": email, "role": role})
    found = re.search(r"/admin/invitation\?token=[\w-]+", answer.text)
    assert found, answer.status_code
    return found[0]


async def test_a_new_person_joins_by_invitation(as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, " Ingrid@Acme.Example ")
    assert (await visitor.get(link)).headers["location"] == "/admin/invitation"
    page = (await visitor.get("/admin/invitation")).text
    assert "Join Acme" in page and "ingrid@acme.example" in page and "Admin invited you as Editor" in page
    answer = await visitor.post(
        "/admin/invitation", data={"name": "Ingrid", "email": "other@x.example", "password": "a long enough sentence"}
    )
    assert answer.headers["location"] == "/admin/acme"
    assert (await visitor.get("/admin/acme")).status_code == 200
    assert (await Membership.get(member__email="ingrid@acme.example")).role is Role.EDITOR


async def test_the_link_is_shown_only_once(as_admin: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, "ingrid@acme.example")
    page = (await as_admin.get(TEAM)).text
    assert "ingrid@acme.example" in page
    assert link not in page


async def test_an_invitation_works_once(as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, "ingrid@acme.example")
    for status in (303, 404):
        await visitor.get(link)
        typed = {"name": "Ingrid", "password": "a long enough sentence"}
        answer = await visitor.post(
            "/admin/invitation", data=typed, headers={"Cookie": "; ".join(f"{k}={v}" for k, v in visitor.cookies.items())}
        )
        assert answer.status_code == status
        visitor.headers["X-CSRF-Token"] = _token((await visitor.get("/admin/account")).text) if status == 303 else ""


async def test_reading_an_invitation_does_not_use_it_up(as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, "ingrid@acme.example")
    for _time in range(3):
        await visitor.get(link)
        assert (await visitor.get("/admin/invitation")).status_code == 200
    assert (await OneTimeLink.get(purpose="invitation")).used_at is None


async def test_a_member_accepts_with_the_invited_account(
    as_admin: httpx2.AsyncClient, as_stranger: httpx2.AsyncClient, stranger: Member
) -> None:
    link = await link_for(as_admin, stranger.email, "viewer")
    cookie = (await as_stranger.get(link)).headers["set-cookie"].split(";")[0]
    answer = await as_stranger.post("/admin/invitation/accept", headers={"Cookie": f"{as_stranger.headers['Cookie']}; {cookie}"})
    assert answer.headers["location"] == "/admin/acme"
    assert (await as_stranger.get("/admin/acme")).status_code == 200


async def test_another_account_cannot_accept(as_admin: httpx2.AsyncClient, as_stranger: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, "ingrid@acme.example")
    cookie = (await as_stranger.get(link)).headers["set-cookie"].split(";")[0]
    answer = await as_stranger.post("/admin/invitation/accept", headers={"Cookie": f"{as_stranger.headers['Cookie']}; {cookie}"})
    assert answer.status_code == 403
    assert (await as_stranger.get("/admin/acme")).status_code == 404


async def test_a_known_address_cannot_be_joined_with_another_password(
    as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient, stranger: Member
) -> None:
    await visitor.get(await link_for(as_admin, stranger.email))
    answer = await visitor.post("/admin/invitation", data={"name": "Evil", "password": "a long enough sentence"})
    assert answer.status_code == 422
    assert "Evil" not in {member.name for member in await Member.all()}


async def test_a_newer_invitation_replaces_the_older(as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient) -> None:
    old = await link_for(as_admin, "ingrid@acme.example", "editor")
    await link_for(as_admin, "ingrid@acme.example", "viewer")
    await visitor.get(old)
    assert (await visitor.get("/admin/invitation")).status_code == 404


async def test_an_invitation_can_be_withdrawn(as_admin: httpx2.AsyncClient, visitor: httpx2.AsyncClient) -> None:
    link = await link_for(as_admin, "ingrid@acme.example")
    token = await OneTimeLink.get(purpose="invitation")
    assert (await as_admin.post(f"{TEAM}/invitations/{token.id}/withdraw")).status_code == 303
    await visitor.get(link)
    assert (await visitor.get("/admin/invitation")).status_code == 404


async def test_an_admin_cannot_make_owners(as_admin: httpx2.AsyncClient, editor: Member, owner: Member) -> None:
    answer = await as_admin.post(f"{TEAM}/invitations", data={"email": "ingrid@acme.example", "role": "owner"})
    assert answer.status_code == 422
    await as_admin.post(f"{TEAM}/{await membership_of(editor)}/role", data={"role": "owner"})
    await as_admin.post(f"{TEAM}/{await membership_of(owner)}/role", data={"role": "viewer"})
    await as_admin.post(f"{TEAM}/{await membership_of(owner)}/remove")
    roles = {one.member.email: one.role for one in await Membership.filter(project__slug="acme").select_related("member")}
    assert roles[editor.email] is Role.EDITOR
    assert roles[owner.email] is Role.OWNER


async def test_the_owner_hands_the_project_on(as_owner: httpx2.AsyncClient, editor: Member) -> None:
    await as_owner.post(f"{TEAM}/{await membership_of(editor)}/role", data={"role": "owner"})
    assert (await Membership.get(member=editor, project__slug="acme")).role is Role.OWNER


@pytest.mark.parametrize("role", ["", "king", "Owner"])
async def test_a_role_that_does_not_exist_is_refused(role: str, as_owner: httpx2.AsyncClient, editor: Member) -> None:
    await as_owner.post(f"{TEAM}/{await membership_of(editor)}/role", data={"role": role})
    assert (await as_owner.post(f"{TEAM}/invitations", data={"email": "a@b.example", "role": role})).status_code == 422
    assert (await Membership.get(member=editor, project__slug="acme")).role is Role.EDITOR


async def test_the_last_owner_cannot_leave(as_owner: httpx2.AsyncClient, owner: Member, project: Project) -> None:
    await as_owner.post("/admin/account/leave", data={"project": "acme"})
    assert await members.find_role(project, owner) is Role.OWNER


async def test_viewers_see_the_team_but_no_invitations(as_viewer: httpx2.AsyncClient, as_owner: httpx2.AsyncClient) -> None:
    await link_for(as_owner, "ingrid@acme.example")
    page = (await as_viewer.get(TEAM)).text
    assert "owner@example.com" in page
    assert "ingrid@acme.example" not in page
    assert "<select" not in page.split("<main", 1)[1]


async def test_members_of_other_projects_cannot_be_reached(sign_in: SignIn, stranger: Member, editor: Member) -> None:
    browser = await sign_in(stranger)
    theirs = await membership_of(editor)
    assert (await browser.post(f"/admin/elsewhere/settings/team/{theirs}/remove")).status_code == 404
    assert (await browser.post(f"/admin/elsewhere/settings/team/{theirs}/role", data={"role": "viewer"})).status_code == 404
    assert (await Membership.get(id=theirs)).role is Role.EDITOR


def _token(text: str) -> str:
    found = re.search(r'data-csrf="([^"]+)"', text)
    return found[1] if found else ""
