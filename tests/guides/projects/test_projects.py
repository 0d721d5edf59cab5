"""Projects and environments."""

from __future__ import annotations

import asyncio

import pytest

from guides.errors import Invalid, Unknown
from guides.models import Environment, Membership, Project, Role, Theme
from guides.projects import projects


async def test_a_project_begins_with_production_and_a_theme(project: Project) -> None:
    production = await Environment.get(project=project)
    assert (production.slug, production.is_production) == ("production", True)
    assert production.public_key.startswith("hr_pub_")
    assert await Theme.filter(project=project, is_default=True).count() == 1
    assert (await Membership.get(project=project)).role is Role.OWNER


async def test_addresses_are_made_of_names_and_never_clash(db: str) -> None:
    names = ["Ünïcode & Söhne", "Ünïcode & Söhne", "Login", "日本", "x" * 90]
    slugs = [(await projects.create_project(name)).slug for name in names]
    assert slugs == ["unicode-sohne", "unicode-sohne-2", "login-2", "project", "x" * 50]


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b", "a\u202eb"])
async def test_a_name_that_cannot_be_shown_is_refused(name: str, db: str) -> None:
    with pytest.raises(Invalid):
        await projects.create_project(name)
    assert await Project.all().count() == 0


@pytest.mark.parametrize("name", ["Production", "Guides", "settings", "?!", ""])
async def test_an_environment_never_takes_the_place_of_a_page(name: str, project: Project) -> None:
    with pytest.raises(Invalid):
        await projects.create_environment(project, name)


async def test_a_project_has_ten_environments_at_most(project: Project) -> None:
    for number in range(9):
        await projects.create_environment(project, f"Copy {number}")
    with pytest.raises(Invalid):
        await projects.create_environment(project, "One more")
    assert (await projects.list_environments(project))[0].is_production


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://App.Example.com", "https://app.example.com"),
        (" https://app.example.com:443/ ", "https://app.example.com"),
        ("http://localhost:8001", "http://localhost:8001"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(typed: str, stored: str) -> None:
    assert projects.parse_origin(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "app.example.com",
        "https://",
        "https://*.example.com",
        "https://a.example/path",
        "https://a.example?x",
        "https://u:p@a.example",
        "ftp://a.example",
        "null",
        "javascript:alert(1)",
        "https://a b.example",
        "https://a.example:99999",
        "https://[::1",
        "*",
        "https://a_b.example",
    ],
)
def test_what_is_not_an_origin_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        projects.parse_origin(typed)


async def test_whatever_changes_what_a_page_may_see_moves_the_revision(project: Project, production: Environment) -> None:
    await projects.set_allowed_origins(production, ["https://a.example", "https://A.example/", ""])
    await projects.set_disabled(production, True)
    await projects.allow_image_host(project, "images.example")
    await projects.forbid_image_host(project, "images.example")
    await production.refresh_from_db()
    assert production.revision == 5
    assert (production.allowed_origins, production.is_disabled) == (["https://a.example"], True)


async def test_new_origins_forget_who_was_refused(production: Environment) -> None:
    await Environment.filter(id=production.id).update(last_refused_origin="https://b.example")
    await projects.set_allowed_origins(production, ["https://b.example"])
    await production.refresh_from_db()
    assert production.last_refused_origin == ""


@pytest.mark.parametrize("host", ["", "a b", "a.example; script-src *", "https://", "*", "-a.example", "a" * 300])
async def test_an_image_host_is_a_name_and_nothing_more(host: str, project: Project) -> None:
    with pytest.raises(Invalid):
        await projects.allow_image_host(project, host)


async def test_an_environment_of_another_project_is_unknown(production: Environment, db: str) -> None:
    other = await projects.create_project("Elsewhere")
    with pytest.raises(Unknown):
        await projects.get_environment(other, production.id)


async def test_what_many_do_at_once_is_all_there_and_within_bounds(project: Project) -> None:
    await asyncio.gather(*(projects.allow_image_host(project, f"images{number}.example.com") for number in range(8)))
    assert len((await Project.get(id=project.id)).image_hosts) == 8
    await asyncio.gather(*(projects.forbid_image_host(project, f"images{number}.example.com") for number in range(8)))
    assert (await Project.get(id=project.id)).image_hosts == []
    made = await asyncio.gather(*(projects.create_environment(project, "Staging") for _ in range(4)), return_exceptions=True)
    assert sorted(isinstance(one, Invalid) for one in made) == [False, True, True, True]
