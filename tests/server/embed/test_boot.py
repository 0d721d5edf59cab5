"""What one page view gets, and what it never gets."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from guides.models import Environment, Guide, Person
from guides.people.audience_size import list_attribute_names
from guides.projects import projects
from guides.publishing import drafts
from guides.publishing.publish import publish
from tests.conftest import MakeGuide
from tests.server.conftest import Embed, event


async def test_a_live_tour_arrives_with_its_body_and_its_renderer(
    embed: Embed, web: httpx2.AsyncClient, make_guide: MakeGuide, production: Environment
) -> None:
    guide = await make_guide(live_in=production, trigger={"page": "/deals*"})
    answer = (await embed.boot()).json()
    assert answer["schema"] == 1 and answer["off"] is False and answer["identity"] is None and answer["locale"] == "en"
    assert answer["person"]["id"] == "42" and answer["person"]["verified"] is False
    (one,) = answer["guides"]
    assert (one["id"], one["version"], one["kind"], one["lane"], one["start"]) == (str(guide.id), 1, "tour", "focus", "auto")
    assert one["rule"] == {"page": "/deals*"} and one["progress"] is None
    assert one["body"]["steps"][0]["title"] == "Welcome"
    assert list(answer["kinds"]) == ["tour"]
    renderer = await web.get(answer["kinds"]["tour"])
    assert renderer.status_code == 200 and renderer.headers["content-type"].startswith("text/javascript")


async def test_a_draft_never_leaves_the_admin(embed: Embed, make_guide: MakeGuide, production: Environment, editor: Any) -> None:
    await make_guide(name="Only a draft")
    live = await make_guide(live_in=production)
    await drafts.save_draft(live, revision=live.revision, by=editor, draft={"steps": [{"title": "Secret plan"}]})
    assert "Secret plan" not in (await embed.boot()).text
    assert len((await embed.boot()).json()["guides"]) == 1


async def test_who_began_a_version_gets_that_one_until_it_is_finished(
    embed: Embed, make_guide: MakeGuide, production: Environment, editor: Any
) -> None:
    guide = await make_guide(live_in=production, frequency="always")
    await embed.events(event("shown", guide=str(guide.id), version=1))
    await drafts.save_draft(guide, revision=guide.revision, by=editor, draft={**guide.draft, "progress": "none"})
    await publish(guide, production, editor)
    (one,) = (await embed.boot()).json()["guides"]
    assert (one["version"], one["live_version"], one["progress"]["status"]) == (1, 2, "started")
    (anew,) = (await embed.boot(start=str(guide.id))).json()["guides"]
    assert anew["version"] == 2 and "live_version" not in anew
    await embed.events(event("completed", guide=str(guide.id), version=1))
    (one,) = (await embed.boot()).json()["guides"]
    assert (one["version"], one["body"]["progress"]) == (2, "none") and "live_version" not in one


async def test_a_guide_asked_for_by_name_comes_whatever_its_audience(embed: Embed, make_guide: MakeGuide, production: Environment) -> None:
    audience = {"attribute": {"of": "person", "name": "plan", "op": "is", "value": "pro"}}
    guide = await make_guide(live_in=production, audience=audience)
    assert (await embed.boot()).json()["guides"] == []
    (one,) = (await embed.boot(start=str(guide.id))).json()["guides"]
    assert one["id"] == str(guide.id) and "rule" not in one and one["body"]


async def test_the_person_is_remembered_with_attributes_and_company(embed: Embed, production: Environment) -> None:
    person = {"id": 42, "attributes": {"plan": "trial", "visits": {"add": 1}}}
    await embed.boot(person=person, company={"id": "7", "attributes": {"size": 12}, "membership": {"role": "admin"}})
    await embed.boot(person=person, company={"id": "7"})
    stored = await Person.get(environment=production, external_id="42").prefetch_related("company")
    assert stored.attributes == {"plan": "trial", "visits": 2}
    assert stored.company.external_id == "7" and stored.company.attributes == {"size": 12} and stored.membership == {"role": "admin"}


async def test_a_page_without_storage_still_boots(embed: Embed, production: Environment) -> None:
    answer = await embed.boot(person=None, anonymous=None)
    assert answer.status_code == 200 and answer.json()["person"]["id"] is None
    assert not await Person.filter(environment=production).exists()


async def test_an_unknown_key_is_401_and_says_which_field(embed: Embed) -> None:
    for key in ("hr_pub_nobody", None):
        answer = await embed.boot(environment=key)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unknown_environment" and answer.json()["error"]["field"] == "environment"


async def test_a_page_of_another_origin_is_refused_and_shown_to_the_admin(embed: Embed, production: Environment) -> None:
    await projects.set_allowed_origins(production, ["https://app.acme.example"])
    assert (await embed.boot(origin="https://app.acme.example")).status_code == 200
    for origin in ("https://app.acme.example.evil.example", "http://app.acme.example", "https://app.acme.example:8443", "null"):
        answer = await embed.boot(origin=origin)
        assert answer.status_code == 403 and answer.json()["error"]["field"] == "origin"
        assert answer.headers["access-control-allow-origin"] == "*"
    assert (await Environment.get(id=production.id)).last_refused_origin == "null"


async def test_the_kill_switch_empties_every_boot(embed: Embed, make_guide: MakeGuide, production: Environment) -> None:
    await make_guide(live_in=production)
    await projects.set_disabled(production, True)
    answer = (await embed.boot()).json()
    assert answer["off"] is True and answer["guides"] == []


async def test_a_body_is_fetched_by_its_digest_and_kept_for_ever(
    embed: Embed, web: httpx2.AsyncClient, guide: Guide, make_guide: MakeGuide, production: Environment
) -> None:
    await make_guide(live_in=production)
    digest = (await embed.boot()).json()["guides"][0]["body_hash"]
    answer = await web.get(f"/embed/body/{digest}")
    assert answer.status_code == 200 and answer.json()["steps"][0]["title"] == "Welcome"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (await web.get(f"/embed/body/{digest}", headers={"if-none-match": answer.headers["etag"]})).status_code == 304
    for wrong in ("0" * 64, "..", "x" * 64, ""):
        assert (await web.get(f"/embed/body/{wrong}")).status_code == 404


async def test_an_attribute_that_cannot_be_stored_is_named(embed: Embed, production: Environment) -> None:
    answer = await embed.boot(person={"id": "42", "attributes": {"plan": "trial", "nested": {"deep": {"er": 1}}}})
    assert answer.status_code == 400 and answer.json()["error"]["field"] == "person.attributes.nested"
    assert not await Person.filter(environment=production).exists()


async def test_what_the_server_does_not_know_it_skips(embed: Embed) -> None:
    assert (await embed.boot(schema=7, future={"x": 1}, person={"id": "42", "nickname": "Dee"})).status_code == 200


@pytest.mark.parametrize("address", ["https://app.acme.example/?q=" + "x" * 8000, ""])
async def test_any_address_of_a_page_will_do(embed: Embed, address: str) -> None:
    assert (await embed.boot(page={"url": address, "title": "t" * 3000, "referrer": ""})).status_code == 200


async def test_person_ids_are_text_whatever_they_look_like(embed: Embed, production: Environment) -> None:
    await embed.boot(person={"id": 42})
    await embed.boot(person={"id": "42"})
    assert await Person.filter(environment=production).count() == 1
    assert await list_attribute_names(production) == []


async def test_nul_is_stripped_from_free_text_the_same_way_on_both_databases(embed: Embed, production: Environment) -> None:
    answer = await embed.boot(person={"id": "42", "attributes": {"note": "a\x00b"}})
    assert answer.status_code == 200
    assert (await Person.get(environment=production, external_id="42")).attributes == {"note": "ab"}
