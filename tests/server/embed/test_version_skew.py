"""This server with embeds of other releases, as their calls were recorded: a core answer for the old, patience with the new."""

from __future__ import annotations

import json

import pytest

from guides.ids import uuid7
from guides.models import Environment, Event
from tests.architecture.source_tree import ROOT
from tests.conftest import MakeGuide
from tests.server.conftest import Embed

CALLS = json.loads((ROOT / "tests" / "shared_cases" / "wire.json").read_text(encoding="utf-8"))["calls"]
EVERY = {"id": str, "version": int, "kind": str, "lane": str, "priority": int, "start": str, "body": dict}


def said(name: str, environment: Environment, guide: str = "") -> str:
    return json.dumps(CALLS[name]).replace("KEY", environment.public_key).replace("GUIDE", guide)


@pytest.mark.parametrize("name", ["boot", "later_boot"])
async def test_an_embed_of_another_release_gets_all_that_the_first_one_reads(
    embed: Embed, make_guide: MakeGuide, production: Environment, name: str
) -> None:
    await make_guide(live_in=production, start="on_event", event={"name": "exported"}, delay_seconds=5)
    answer = await embed.post("/embed/v1/boot", said(name, production))
    assert answer.status_code == 200
    boot = answer.json()
    assert boot["schema"] == 1 and boot["off"] is False and boot["person"]["id"] == "42" and boot["kinds"].keys() == {"tour"}
    (guide,) = boot["guides"]
    assert all(isinstance(guide[key], sort) for key, sort in EVERY.items()) and guide["progress"] is None
    assert guide["start"] in ("auto", "manual") and guide["lane"] in ("focus", "corner", "inline")
    # an embed that knows no triggers knows no such condition either, and leaves the guide alone
    assert guide["rule"] == {"triggered": guide["id"]}


@pytest.mark.parametrize("name", ["events", "later_events"])
async def test_events_of_another_release_are_kept(embed: Embed, make_guide: MakeGuide, production: Environment, name: str) -> None:
    guide = await make_guide(live_in=production)
    call = json.loads(said(name, production, str(guide.id)))
    call["events"][0]["id"] = str(uuid7())
    answer = await embed.post("/embed/v1/events", json.dumps(call))
    assert (answer.status_code, answer.json()["accepted"], answer.json()["dropped"]) == (202, 1, [])
    assert await Event.filter(guide_id=guide.id).count() == 1
