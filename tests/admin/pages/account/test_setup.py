"""The first run."""

from __future__ import annotations

import httpx2

from guides.accounts import members
from guides.models import Member, Membership, OneTimeLink, Project, Role
from guides.projects import projects

TYPED = {"name": "Nadia Okafor", "email": "nadia@acme.example", "password": "a long enough sentence", "project": "Acme"}


async def test_a_new_instance_leads_to_its_set_up(web: httpx2.AsyncClient, db: str) -> None:
    assert (await web.get("/admin")).headers["location"] == "/admin/setup"


async def test_the_first_member_owns_the_first_project_and_sees_the_snippet(visitor: httpx2.AsyncClient, db: str) -> None:
    secret = await members.create_setup_link()
    held = await visitor.get(f"/admin/setup?token={secret}")
    assert held.headers["location"] == "/admin/setup"
    assert "Your product" in (await visitor.get("/admin/setup")).text
    answer = await visitor.post("/admin/setup", data=TYPED)
    assert answer.headers["location"] == "/admin/acme/settings/install?first=1"
    page = await visitor.get(answer.headers["location"])
    assert "Add Handrail to your product" in page.text
    owner = await Membership.get().select_related("member", "project")
    assert (owner.member.email, owner.project.slug, owner.role) == ("nadia@acme.example", "acme", Role.OWNER)


async def test_the_demo_project_is_handed_to_the_first_member(visitor: httpx2.AsyncClient, db: str) -> None:
    await projects.create_project("Demo", slug="demo")
    await visitor.get(f"/admin/setup?token={await members.create_setup_link()}")
    assert "Your product" not in (await visitor.get("/admin/setup")).text
    answer = await visitor.post("/admin/setup", data={**TYPED, "project": ""})
    assert answer.headers["location"].startswith("/admin/demo/")
    assert await Project.all().count() == 1


async def test_without_the_token_nobody_sets_anything_up(visitor: httpx2.AsyncClient, db: str) -> None:
    await members.create_setup_link()
    for token in ("", "guessed"):
        answer = await visitor.post("/admin/setup", data={**TYPED, "token": token})
        assert answer.status_code == 422
        assert "Nadia Okafor" in answer.text
    assert await Member.all().count() == 0


async def test_the_token_can_be_typed_in(visitor: httpx2.AsyncClient, db: str) -> None:
    answer = await visitor.post("/admin/setup", data={**TYPED, "token": f" {await members.create_setup_link()} "})
    assert answer.status_code == 303


async def test_every_token_is_worthless_once_there_is_a_member(visitor: httpx2.AsyncClient, db: str) -> None:
    first, second = await members.create_setup_link(), await members.create_setup_link()
    await visitor.post("/admin/setup", data={**TYPED, "token": first})
    assert await members.create_setup_link() is None
    await visitor.post("/admin/setup", data={**TYPED, "email": "second@acme.example", "token": second})
    assert await Member.all().count() == 1
    assert await OneTimeLink.filter(used_at=None).count() == 0


async def test_what_cannot_be_taken_is_said_and_the_token_still_works(visitor: httpx2.AsyncClient, db: str) -> None:
    await visitor.get(f"/admin/setup?token={await members.create_setup_link()}")
    for typed in ({"password": "short"}, {"email": "nobody"}, {"name": " "}, {"project": ""}):
        assert (await visitor.post("/admin/setup", data={**TYPED, **typed})).status_code == 422
    assert (await visitor.post("/admin/setup", data=TYPED)).status_code == 303
