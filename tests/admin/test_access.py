"""Who may see and do what: every page for everybody, by a table written by hand."""

from __future__ import annotations

from uuid import uuid4

import httpx2
import pytest

from admin.routes import ROUTES, routes
from admin.web.access import Access, Page
from admin.web.security_headers import HEADERS
from guides.accounts import sessions
from guides.models import Environment, Guide, Member, Project, Role
from guides.projects.projects import RESERVED_ENVIRONMENTS, RESERVED_PROJECTS
from tests.http_clients import SignIn

OPEN = """
    setup_page set_up index sign_in_page sign_in reauthenticate_page reauthenticate sign_out forgot_password send_reset_link
    reset_password_page reset_password set_language invitation accept_as_new_member accept_invitation
"""
SIGNED_IN = "profile save_profile save_password end_session end_all_sessions leave_project manual manual_chapter"
TABLE = {
    "viewer agent editor admin owner": "home",
    "viewer editor admin owner": """
        guides guide guide_audience guide_audience_count guide_versions guide_report guide_preview
        project team environments install connection_status
    """,
    "editor admin owner": """
        guide_new guide_create guide_copy guide_archive guide_unarchive guide_save guide_part guide_put_back guide_undo guide_redo
        guide_name guide_audience_save guide_publish guide_go_live guide_retire guide_roll_back guide_restore
    """,
    "admin owner": """
        rename_project allow_image_host forbid_image_host invite revoke_invitation change_role remove_member
        create_environment allow_origins disable_environment
        api_keys create_api_key revoke_api_key guide_image_host
    """,
}
MAY = {name: roles.split() for roles, names in TABLE.items() for name in names.split()}
CAST = ["nobody", "stranger", "viewer", "agent", "editor", "admin", "owner"]
PLACED = [page for page in ROUTES if page.is_in_project]


def address(page: Page, guide: Guide, project: str = "acme", environment: str = "") -> str:
    """A real address of the page; ids of other rows are of rows that do not exist."""
    root = f"/admin/{project}{environment}" if page.is_in_project else "/admin"
    path = page.path.format(
        guide=guide.id,
        number=1,
        revision=1,
        chapter="install",
        membership=uuid4(),
        invitation=uuid4(),
        environment_id=uuid4(),
        api_key=uuid4(),
    )
    return root + path


async def ask(browser: httpx2.AsyncClient, page: Page, at: str) -> httpx2.Response:
    return await browser.request(page.methods[0], at, **({"data": {"x": "1"}} if page.methods[0] == "POST" else {}))


def test_every_page_is_in_the_table() -> None:
    assert {page.name for page in ROUTES if page.access is Access.PUBLIC} == set(OPEN.split())
    assert {page.name for page in ROUTES if page.access is Access.SIGNED_IN} == set(SIGNED_IN.split())
    assert {page.name for page in PLACED} == set(MAY)
    assert len({page.name for page in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("who", CAST)
async def test_everybody_gets_what_the_table_says(
    who: str, browsers: dict[str, httpx2.AsyncClient], visitor: httpx2.AsyncClient, guide: Guide
) -> None:
    browser = visitor if who == "nobody" else browsers[who]
    for page in PLACED:
        answer = await ask(browser, page, address(page, guide))
        said = f"{who} {page.name}: {answer.status_code}"
        assert answer.status_code < 500, said
        if who == "nobody":
            assert answer.status_code == 303 and answer.headers["location"].startswith("/admin/login"), said
        elif who == "stranger":
            assert answer.status_code == 404, said
        else:
            assert (answer.status_code == 403) is (who not in MAY[page.name]), said


async def test_a_guide_of_another_project_is_not_there(as_stranger: httpx2.AsyncClient, guide: Guide) -> None:
    missing = await as_stranger.get(f"/admin/elsewhere/guides/{uuid4()}")
    for page in PLACED:
        if "{guide}" in page.path:
            answer = await ask(as_stranger, page, address(page, guide, "elsewhere"))
            assert answer.status_code == 404, page.name
    assert (await as_stranger.get(f"/admin/elsewhere/guides/{guide.id}")).status_code == missing.status_code == 404


async def test_nobody_reads_account_or_help(web: httpx2.AsyncClient, guide: Guide) -> None:
    for page in ROUTES:
        if page.access is Access.SIGNED_IN and page.methods[0] == "GET":
            answer = await web.get(address(page, guide))
            assert answer.status_code == 303 and answer.headers["location"].startswith("/admin/login"), page.name


async def test_another_environment_has_the_same_pages_under_its_name(
    as_viewer: httpx2.AsyncClient, guide: Guide, staging: Environment
) -> None:
    for name in ("home", "guides", "install", "guide"):
        page = next(one for one in PLACED if one.name == name)
        answer = await as_viewer.get(address(page, guide, environment="/staging"))
        assert answer.status_code == 200, name
        assert 'data-env="staging"' in answer.text
    for slug in ("production", "nowhere"):
        assert (await as_viewer.get(f"/admin/acme/{slug}/guides")).status_code == 404


def test_no_project_or_environment_can_hide_a_page() -> None:
    first = {page.path.strip("/").split("/")[0] for page in ROUTES if not page.is_in_project} - {""}
    assert first | {"static"} <= RESERVED_PROJECTS
    assert {page.path.strip("/").split("/")[0] for page in PLACED} - {""} <= RESERVED_ENVIRONMENTS


def test_every_page_of_a_project_has_two_addresses() -> None:
    names = {route.name for route in routes(ROUTES)}
    assert {f"{page.name}@environment" for page in PLACED} <= names


async def test_a_removed_member_is_out_at_once(sign_in: SignIn, as_owner: httpx2.AsyncClient, viewer: Member, project: Project) -> None:
    browser = await sign_in(viewer)
    assert (await browser.get("/admin/acme")).status_code == 200
    membership = await viewer.memberships.filter(project=project).first()  # type: ignore[attr-defined]
    assert (await as_owner.post(f"/admin/acme/settings/team/{membership.id}/remove")).status_code == 303
    assert (await browser.get("/admin/acme")).status_code == 404


async def test_a_role_counts_from_the_next_request_on(
    sign_in: SignIn, as_owner: httpx2.AsyncClient, viewer: Member, project: Project
) -> None:
    browser = await sign_in(viewer)
    assert (await browser.get("/admin/acme/settings/keys")).status_code == 403
    membership = await viewer.memberships.filter(project=project).first()  # type: ignore[attr-defined]
    await as_owner.post(f"/admin/acme/settings/team/{membership.id}/role", data={"role": Role.ADMIN.value})
    assert (await browser.get("/admin/acme/settings/keys")).status_code == 200


async def test_every_answer_carries_the_headers(as_owner: httpx2.AsyncClient, web: httpx2.AsyncClient, guide: Guide) -> None:
    asked = [address(page, guide) for page in ROUTES if page.methods[0] == "GET"]
    for at in [*asked, "/admin/acme/nowhere", "/admin/nobody", "/admin/static/x/none.js"]:
        for browser in (as_owner, web):
            answer = await browser.get(at)
            for name, value in HEADERS.items():
                if name in {"Referrer-Policy", "X-Frame-Options", "Content-Security-Policy"} and name.lower() in answer.headers:
                    continue
                assert answer.headers.get(name) == value, (at, name)
            assert "frame-ancestors" in answer.headers["content-security-policy"], at
            assert answer.headers["strict-transport-security"], at
            assert "access-control-allow-origin" not in answer.headers
            assert "Traceback" not in answer.text


async def test_reading_a_page_changes_nothing(as_owner: httpx2.AsyncClient, owner: Member, guide: Guide) -> None:
    before = (await sessions.list_sessions(owner))[0].last_seen_at, (await Guide.get(id=guide.id)).revision, await Project.all().count()
    for page in ROUTES:
        if page.methods[0] == "GET":
            await as_owner.get(address(page, guide))
            await as_owner.request("HEAD", address(page, guide))
    after = (await sessions.list_sessions(owner))[0].last_seen_at, (await Guide.get(id=guide.id)).revision, await Project.all().count()
    assert before == after
