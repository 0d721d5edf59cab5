"""Project, environments, install and keys."""

from __future__ import annotations

import re

import httpx2
import pytest

from guides import clock
from guides.accounts import api_keys as keys
from guides.models import ApiKey, Environment, Project
from guides.projects import projects
from tests.http_clients import PUBLIC_URL, SECRET_KEY

SETTINGS = "/admin/acme/settings"


async def test_a_project_is_renamed_and_keeps_its_address(as_admin: httpx2.AsyncClient, project: Project) -> None:
    assert (await as_admin.post(f"{SETTINGS}/project", data={"name": "  Fjord   Outdoors "})).status_code == 303
    page = await as_admin.get(f"{SETTINGS}/project")
    assert "Fjord Outdoors" in page.text
    assert (await as_admin.post(f"{SETTINGS}/project", data={"name": ""})).status_code == 422


async def test_image_hosts_are_added_and_removed(as_admin: httpx2.AsyncClient, production: Environment) -> None:
    before = production.revision
    await as_admin.post(f"{SETTINGS}/project/hosts", data={"host": "https://Images.Example.com/pictures/1.png"})
    assert (await Project.get(slug="acme")).image_hosts == ["images.example.com"]
    assert (await as_admin.post(f"{SETTINGS}/project/hosts", data={"host": "not a host; script-src *"})).status_code == 422
    await as_admin.post(f"{SETTINGS}/project/hosts/remove", data={"host": "images.example.com"})
    await production.refresh_from_db()
    assert (await Project.get(slug="acme")).image_hosts == []
    assert production.revision == before + 2


async def test_a_viewer_reads_settings_and_changes_nothing(as_viewer: httpx2.AsyncClient, project: Project) -> None:
    for name in ("project", "environments"):
        page = (await as_viewer.get(f"{SETTINGS}/{name}")).text
        assert "<fieldset disabled>" in page


async def test_staging_is_made_and_switched_to(as_admin: httpx2.AsyncClient, project: Project) -> None:
    assert (await as_admin.post(f"{SETTINGS}/environments", data={"name": "Staging"})).status_code == 303
    page = (await as_admin.get("/admin/acme/staging")).text
    assert 'data-env="staging"' in page
    assert 'href="/admin/acme/staging/settings/install"' in page
    for taken in ("Staging", "Guides", "", "?"):
        assert (await as_admin.post(f"{SETTINGS}/environments", data={"name": taken})).status_code == 422


async def test_the_allowed_pages_are_written_one_a_line(as_admin: httpx2.AsyncClient, production: Environment) -> None:
    at = f"{SETTINGS}/environments/{production.id}/origins"
    assert (await as_admin.post(at, data={"origins": "https://App.Acme.example/\nhttp://localhost:8001"})).status_code == 303
    await production.refresh_from_db()
    assert production.allowed_origins == ["https://app.acme.example", "http://localhost:8001"]
    refused = await as_admin.post(at, data={"origins": "https://app.acme.example/path"})
    assert refused.status_code == 422
    assert "https://app.acme.example/path" in refused.text


async def test_the_kill_switch_is_thrown_and_taken_back(as_admin: httpx2.AsyncClient, production: Environment) -> None:
    at = f"{SETTINGS}/environments/{production.id}/switch"
    await as_admin.post(at, data={"off": "on"})
    await production.refresh_from_db()
    assert production.is_disabled
    assert "Production is switched off." in (await as_admin.get("/admin/acme")).text
    await as_admin.post(at)
    await production.refresh_from_db()
    assert not production.is_disabled


async def test_an_environment_of_another_project_is_not_there(as_admin: httpx2.AsyncClient, as_stranger: httpx2.AsyncClient) -> None:
    theirs = await Environment.get(project__slug="elsewhere")
    assert (await as_admin.post(f"{SETTINGS}/environments/{theirs.id}/switch", data={"off": "on"})).status_code == 404
    await theirs.refresh_from_db()
    assert not theirs.is_disabled


async def test_the_snippet_holds_the_real_address_and_key(
    as_viewer: httpx2.AsyncClient, production: Environment, staging: Environment
) -> None:
    page = _text((await as_viewer.get(f"{SETTINGS}/install")).text)
    assert f'<script async src="{PUBLIC_URL}/embed.js" data-environment="{production.public_key}"></script>' in page
    assert "window.handrail=window.handrail||new Proxy({q:[]}" in page
    other = _text((await as_viewer.get("/admin/acme/staging/settings/install")).text)
    assert staging.public_key in other
    assert production.public_key not in other


async def test_the_install_page_notices_the_first_page_that_asks(as_viewer: httpx2.AsyncClient, production: Environment) -> None:
    waiting = await as_viewer.get(f"{SETTINGS}/install/ping", headers={"HX-Request": "true"})
    assert "Waiting for the first page" in waiting.text
    assert 'hx-trigger="every 2s"' in waiting.text
    await Environment.filter(id=production.id).update(
        last_boot_at=clock.now(), last_boot_url="https://app.acme.example/deals", has_identified=True
    )
    connected = await as_viewer.get(f"{SETTINGS}/install/ping", headers={"HX-Request": "true"})
    assert "Connected" in connected.text
    assert "https://app.acme.example/deals" in connected.text
    assert "hx-trigger" not in connected.text


async def test_the_install_page_says_which_page_was_refused(as_viewer: httpx2.AsyncClient, production: Environment) -> None:
    await Environment.filter(id=production.id).update(last_refused_origin="https://elsewhere.example")
    page = (await as_viewer.get(f"{SETTINGS}/install")).text
    assert "Refused: https://elsewhere.example" in page
    assert 'hx-trigger="every 2s"' in page


async def test_a_secret_key_is_shown_once_and_works(as_admin: httpx2.AsyncClient, production: Environment) -> None:
    made = await as_admin.post(f"{SETTINGS}/keys", data={"label": "Backend", "purpose": "secret"})
    secret = re.search(r"hr_sec_[\w-]{43}_[0-9a-f]{6}", made.text)
    assert secret
    assert secret[0] not in (await as_admin.get(f"{SETTINGS}/keys")).text
    found = await keys.find_key(secret[0])
    assert found and found.environment.id == production.id
    await as_admin.post(f"{SETTINGS}/keys/{found.id}/revoke")
    assert await keys.find_key(secret[0]) is None


async def test_a_key_belongs_to_the_environment_it_was_made_in(as_admin: httpx2.AsyncClient, staging: Environment) -> None:
    await as_admin.post("/admin/acme/staging/settings/keys", data={"label": "Staging backend", "purpose": "secret"})
    assert (await ApiKey.get().select_related("environment")).environment.id == staging.id


async def test_a_third_signing_secret_is_refused(as_admin: httpx2.AsyncClient, production: Environment) -> None:
    statuses = [
        (await as_admin.post(f"{SETTINGS}/keys", data={"label": "Identity", "purpose": "signing"})).status_code for _time in range(3)
    ]
    assert statuses == [200, 200, 422]


@pytest.mark.parametrize("typed", [{"label": "", "purpose": "secret"}, {"label": "x", "purpose": "master"}, {}])
async def test_a_key_that_cannot_be_made_is_refused(typed: dict[str, str], as_admin: httpx2.AsyncClient, production: Environment) -> None:
    assert (await as_admin.post(f"{SETTINGS}/keys", data=typed)).status_code == 422
    assert await ApiKey.all().count() == 0


async def test_a_key_of_another_project_cannot_be_revoked(
    as_admin: httpx2.AsyncClient, as_stranger: httpx2.AsyncClient, production: Environment
) -> None:
    theirs = await projects.get_project("elsewhere")
    environment = (await projects.list_environments(theirs))[0]
    key, secret = await keys.create_key(environment, keys.KeyPurpose.SECRET, "Theirs", None, secret_keys=[SECRET_KEY])
    assert (await as_admin.post(f"{SETTINGS}/keys/{key.id}/revoke")).status_code == 404
    assert await keys.find_key(secret)


def _text(page: str) -> str:
    plain = re.sub(r"<[^>]+>", "", page.split("<main", 1)[1])
    for name, mark in [("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")]:
        plain = plain.replace(name, mark)
    return plain
