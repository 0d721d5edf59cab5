"""Two projects side by side: no id of the one does anything in the other, and not a word crosses over."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx2
import pytest

from admin.routes import ROUTES
from guides.accounts import api_keys as keys
from guides.accounts import members
from guides.ids import uuid7
from guides.kind import Kind
from guides.models import ApiKey, Environment, Guide, Member, Membership, OneTimeLink, Project, Publication, Role
from guides.projects import projects
from guides.publishing import drafts
from guides.publishing.publish import publish
from guides.registry import kind_named
from tests.admin.test_access import address
from tests.conftest import MakeGuide
from tests.http_clients import SECRET_KEY

WORD = "kanarie"


@dataclass
class Other:
    """A project that is none of ours; the word is in everything that can be written there."""

    project: Project
    environment: Environment
    staging: Environment
    guide: Guide
    member: Member
    membership: Membership
    key: ApiKey
    invitation: OneTimeLink


@pytest.fixture
async def other(web: httpx2.AsyncClient, stranger: Member) -> Other:
    """Elsewhere, full of the word."""
    project = await Project.get(slug="elsewhere")
    await projects.rename_project(project, f"Elsewhere {WORD}")
    await projects.allow_image_host(project, f"{WORD}.example.com")
    await members.change_profile(stranger, name=f"Stranger {WORD}", locale="", color_scheme="auto")
    environment = await Environment.get(project=project)
    staging = await projects.create_environment(project, f"Staging {WORD}")
    body = kind_named("tour").starter().model_dump(mode="json")
    body["steps"][0] |= {"title": WORD, "key": WORD}
    guide = await drafts.create(project, "tour", f"Tour {WORD}", stranger, draft=body)
    await publish(guide, environment, stranger, WORD)
    key, _ = await keys.create_key(environment, keys.KeyPurpose.SECRET, WORD, stranger, secret_keys=[SECRET_KEY])
    await members.invite(project, f"{WORD}@example.com", Role.EDITOR, stranger)
    await _visit(web, environment, guide)
    await environment.refresh_from_db()
    return Other(
        project,
        environment,
        staging,
        guide,
        stranger,
        await Membership.get(project=project, member=stranger),
        key,
        await OneTimeLink.get(project=project),
    )


async def _visit(web: httpx2.AsyncClient, environment: Environment, guide: Guide) -> None:
    said = {"environment": environment.public_key, "person": {"id": f"person {WORD}", "attributes": {WORD: WORD}}}
    told = {"company": {"id": WORD, "attributes": {WORD: WORD}}, "page": {"url": f"https://{WORD}.example.com/"}}
    event = {"id": str(uuid7()), "name": "shown", "guide": str(guide.id), "props": {WORD: WORD}}
    assert (await web.post("/embed/v1/boot", content=json.dumps(said | told))).status_code == 200
    assert (await web.post("/embed/v1/events", content=json.dumps(said | {"events": [event]}))).json()["accepted"] == 1


async def test_not_a_word_of_another_project_is_read(
    as_owner: httpx2.AsyncClient, make_guide: MakeGuide, production: Environment, other: Other
) -> None:
    guide = await make_guide(live_in=production)
    for page in ROUTES:
        if page.methods[0] == "GET":
            for at in (address(page, guide), f"{address(page, guide)}?q=kanar&status=archived&part={other.guide.id}&next=/admin/elsewhere"):
                answer = await as_owner.get(at)
                assert WORD not in answer.text.casefold() and WORD not in str(answer.headers).casefold(), (page.name, at)
    for who in (f"person {WORD}", "42"):
        said = {"environment": production.public_key, "person": {"id": who}, "start": str(other.guide.id)}
        answer = await as_owner.post("/embed/v1/boot", content=json.dumps(said))
        assert WORD not in answer.text.replace(f'"id":"person {WORD}"', "") and str(other.guide.id) not in answer.text


async def test_ids_of_another_project_in_the_address_are_not_there(as_owner: httpx2.AsyncClient, guide: Guide, other: Other) -> None:
    asked = {
        f"environments/{other.environment.id}/origins": {"origins": "https://evil.example"},
        f"environments/{other.environment.id}/switch": {"off": "on"},
        f"keys/{other.key.id}/revoke": {},
        f"team/{other.membership.id}/role": {"role": "viewer"},
        f"team/{other.membership.id}/remove": {},
    }
    for path, form in asked.items():
        answer = await as_owner.post(f"/admin/acme/settings/{path}", data={"x": "1", **form})
        assert answer.status_code == 404, path
    await as_owner.post(f"/admin/acme/settings/team/invitations/{other.invitation.id}/withdraw")
    await as_owner.post("/admin/account/leave", data={"project": "elsewhere"})
    for page in ("save", "publish", "copy", "archive", "versions/1/live", "versions/1/draft", "image-host"):
        answer = await as_owner.post(f"/admin/acme/guides/{other.guide.id}/{page}", data={"_revision": "1", "host": "evil.example"})
        assert answer.status_code == 404, page
    await _is_untouched(other)


async def test_ids_of_another_project_in_a_form_do_nothing(
    as_owner: httpx2.AsyncClient, guide: Guide, production: Environment, other: Other
) -> None:
    at = f"/admin/acme/guides/{guide.id}"
    foreign = {
        "project": str(other.project.id),
        "project_id": str(other.project.id),
        "environment_id": str(other.environment.id),
        "guide": str(other.guide.id),
        "id": str(other.guide.id),
        "member": str(other.member.id),
        "version": "1",
        "by": str(other.member.id),
    }
    for slug in (other.staging.slug, str(other.environment.id), other.environment.public_key):
        assert (await as_owner.post(f"{at}/publish", data={**foreign, "environment": slug})).status_code == 404
    for path in ("save", "audience", "name", "undo"):
        await as_owner.post(f"{at}/{path}", data={**foreign, "_revision": str((await Guide.get(id=guide.id)).revision), "name": "Ours"})
    await as_owner.post("/admin/acme/settings/keys", data={**foreign, "label": "x", "purpose": "secret"})
    await as_owner.post("/admin/acme/settings/team/invitations", data={**foreign, "email": "x@example.com", "role": "viewer"})
    assert await Publication.filter(guide=guide).count() == 0
    assert (await Guide.get(id=guide.id).prefetch_related("project")).project.slug == "acme"
    assert {key.environment_id for key in await ApiKey.exclude(id=other.key.id)} == {production.id}
    await _is_untouched(other)


async def test_a_guide_of_another_project_is_neither_started_nor_counted(
    as_owner: httpx2.AsyncClient, make_guide: MakeGuide, production: Environment, other: Other
) -> None:
    draft = kind_named("tour").starter().model_dump(mode="json")
    draft["steps"][0]["buttons"][0]["action"] = {"do": "start", "guide": str(other.guide.id)}
    await make_guide(draft=draft, live_in=production)
    said = {"environment": production.public_key, "person": {"id": "42"}}
    boot = (await as_owner.post("/embed/v1/boot", content=json.dumps(said | {"start": str(other.guide.id)}))).json()
    assert [guide["id"] for guide in boot["guides"]] != [str(other.guide.id)] and len(boot["guides"]) == 1
    event = {"id": str(uuid7()), "name": "shown", "guide": str(other.guide.id)}
    sent = (await as_owner.post("/embed/v1/events", content=json.dumps(said | {"events": [event]}))).json()
    assert (sent["accepted"], sent["dropped"][0]["code"]) == (0, "unknown_guide")


async def test_fields_that_no_form_has_change_nothing(
    as_editor: httpx2.AsyncClient, editor: Member, project: Project, guide: Guide
) -> None:
    more = {
        "role": "owner",
        "is_admin": "true",
        "project": "elsewhere",
        "email": "evil@example.com",
        "password": "x",
        "member": "1",
        "kind": "x",
    }
    await as_editor.post("/admin/account/profile", data={"name": "Ed", "locale": "", "scheme": "auto", **more})
    at = f"/admin/acme/guides/{guide.id}"
    await as_editor.post(f"{at}/name", data={"_revision": "1", "name": "New", "archived_at": "2020-01-01", "edited_by": "x", **more})
    kept = await Member.get(id=editor.id)
    assert (kept.name, kept.email, kept.password_hash) == ("Ed", editor.email, editor.password_hash)
    assert await members.find_role(project, editor) is Role.EDITOR
    assert (await Guide.get(id=guide.id)).kind == guide.kind and isinstance(kind_named(guide.kind), Kind)


async def _is_untouched(other: Other) -> None:
    """All of it is as it was."""
    environment = await Environment.get(id=other.environment.id)
    assert (environment.is_disabled, environment.allowed_origins, environment.revision) == (False, [], other.environment.revision)
    assert (await ApiKey.get(id=other.key.id)).revoked_at is None
    assert (await Membership.get(id=other.membership.id)).role is Role.OWNER
    assert (await OneTimeLink.get(id=other.invitation.id)).used_at is None
    kept = await Guide.get(id=other.guide.id)
    assert (kept.name, kept.revision, kept.archived_at) == (other.guide.name, other.guide.revision, None)
    assert await Guide.filter(project=other.project).count() == 1
    assert await Publication.filter(environment=other.environment, ended_at=None).count() == 1
