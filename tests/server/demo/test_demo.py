"""Acme: every page answers, holds the snippet, and has what the demo guides point at."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from guides.fields import parse_rule
from guides.registry import kind_named
from server.demo import create_demo

ORIGIN, KEY = "https://help.acme.example", "hr_pub_demo"
DEMO = Path(__file__).parents[3] / "server" / "demo"
CONTENT: dict[str, Any] = json.loads((DEMO / "content.json").read_text(encoding="utf-8"))
RECORDS: dict[str, Any] = json.loads((DEMO / "crm.json").read_text(encoding="utf-8"))
PAGES = ["/deals", "/contacts", "/reports", "/settings"]
DEEP = ["/deals/halden-shipping", "/deals/made-just-now", "/contacts/astrid-holm", "/settings/team", "/settings/billing"]
CORNERS = ["/corners", *(f"/corners/{name}" for name in ("scroll", "dialogs", "shadow", "frame", "list", "table", "late", "arabic"))]
SNIPPET = (
    f'<script async src="{ORIGIN}/embed.js" data-environment="{KEY}"></script>',
    "<script>window.handrail=window.handrail||new Proxy({q:[]},{get:(t,k)=>k in t||k=='then'||typeof k=='symbol'?t[k]"
    ":(...a)=>new Promise((r,e)=>t.q.push([k,a,r,e]))})</script>",
)


@pytest.fixture
async def acme() -> AsyncIterator[httpx2.AsyncClient]:
    """A visitor of Acme."""
    transport = httpx2.ASGITransport(app=create_demo(f"{ORIGIN}/", KEY))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8001") as client:
        yield client


async def test_the_front_door_leads_to_the_deals(acme: httpx2.AsyncClient) -> None:
    answer = await acme.get("/")
    assert answer.status_code == 307
    assert answer.headers["location"] == "/deals"


@pytest.mark.parametrize("path", [*PAGES, *DEEP, *CORNERS, "/plain"])
async def test_every_page_and_every_deep_link_holds_the_snippet_as_people_paste_it(acme: httpx2.AsyncClient, path: str) -> None:
    answer = await acme.get(path)
    assert answer.status_code == 200
    lines = [line.strip() for line in answer.text.splitlines()]
    at = lines.index(SNIPPET[0])
    assert lines[at + 1] == SNIPPET[1]


async def test_every_page_leads_to_the_corners_and_they_to_each_other(acme: httpx2.AsyncClient) -> None:
    assert 'href="/corners"' in (await acme.get("/deals")).text
    linked = re.findall(r'href="(/corners/[a-z]+|/strict)"', (await acme.get("/corners")).text)
    assert sorted(linked) == sorted([*CORNERS[1:], "/strict"])


async def test_the_arabic_corner_says_its_language_and_direction(acme: httpx2.AsyncClient) -> None:
    assert '<html lang="ar" dir="rtl">' in (await acme.get("/corners/arabic")).text
    assert '<html lang="en" dir="ltr">' in (await acme.get("/corners/list")).text


async def test_the_page_within_a_page_is_not_a_host_of_its_own(acme: httpx2.AsyncClient) -> None:
    inner = (await acme.get("/corners/inner")).text
    assert "embed.js" not in inner
    assert 'data-handrail-target="in-frame"' in inner


async def test_an_unknown_address_is_a_page_of_acme_too(acme: httpx2.AsyncClient) -> None:
    answer = await acme.get("/nowhere")
    assert answer.status_code == 404
    assert "No such page" in answer.text
    assert SNIPPET[0] in answer.text


async def test_a_deal_and_the_board_are_one_page_so_that_its_script_can_go_between(acme: httpx2.AsyncClient) -> None:
    assert (await acme.get("/deals")).text == (await acme.get("/deals/halden-shipping")).text
    assert (await acme.get("/settings")).text == (await acme.get("/settings/billing")).text


@pytest.mark.parametrize("path", [*PAGES, *CORNERS, "/contacts/astrid-holm", "/plain", "/strict", "/nowhere"])
async def test_a_page_asks_nobody_but_acme_and_the_embed(acme: httpx2.AsyncClient, path: str) -> None:
    page = (await acme.get(path)).text
    asked = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"([^\"]+)\"", page)
    own = [address for address in asked if address != f"{ORIGIN}/embed.js"]
    assert len(own) == len(asked) - 1
    for address in own:
        assert (await acme.get(address)).status_code == 200, address


async def test_the_styles_and_scripts_of_acme_ask_nobody_else() -> None:
    for path in (DEMO / "static").iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.M), path.name


async def test_the_plain_page_has_no_style_and_no_script_of_its_own(acme: httpx2.AsyncClient) -> None:
    page = (await acme.get("/plain")).text
    assert page.count("<script") == 2
    assert "stylesheet" not in page


async def test_the_strict_page_allows_the_embed_and_nothing_inline(acme: httpx2.AsyncClient) -> None:
    answer = await acme.get("/strict")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' {ORIGIN}",
        "connect-src": ORIGIN,
        "style-src": "'self'",
        "img-src": "'self'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }
    assert SNIPPET[0] in answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=", answer.text)


async def test_only_the_strict_page_has_a_policy(acme: httpx2.AsyncClient) -> None:
    assert "content-security-policy" not in (await acme.get("/deals")).headers


@pytest.mark.parametrize("origin", ["", "help.acme.example", "javascript:alert(1)", "//help.acme.example"])
def test_an_embed_origin_that_is_no_http_address_stops_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="embed origin"):
        create_demo(origin, KEY)


async def test_a_key_cannot_break_out_of_the_snippet() -> None:
    transport = httpx2.ASGITransport(app=create_demo(ORIGIN, '"><script>$main'))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8001") as client:
        page = (await client.get("/plain")).text
    assert 'data-environment="&quot;&gt;&lt;script&gt;$main"' in page


async def test_there_is_enough_to_look_at(acme: httpx2.AsyncClient) -> None:
    records = (await acme.get("/crm.json")).json()
    assert len(records["deals"]) >= 20
    assert len(records["contacts"]) >= 40
    for rows in (records["deals"], records["contacts"], records["accounts"]):
        assert len({row["id"] for row in rows}) == len(rows)


def test_every_owner_is_on_the_team() -> None:
    team = {member["name"] for member in RECORDS["team"]}
    assert {row["owner"] for row in [*RECORDS["deals"], *RECORDS["contacts"]]} <= team


@pytest.mark.parametrize("guide", CONTENT["guides"], ids=lambda guide: guide["name"])
def test_every_demo_guide_could_be_published_as_it_is(guide: dict[str, Any]) -> None:
    kind = kind_named(guide["kind"])
    body = kind.Body.model_validate(guide["body"])
    assert body.model_dump(mode="json", exclude_unset=True) == guide["body"]
    assert [problem for problem in kind.check(body) if not problem.warning] == []
    for rule in (guide["audience"], guide["trigger"]):
        parse_rule(rule)


def test_everything_the_demo_guides_point_at_is_there() -> None:
    shown = "".join(path.read_text(encoding="utf-8") for path in [*DEMO.glob("pages/*.html"), *DEMO.glob("static/*.js")])
    there = set(re.findall(r"data-handrail-target(?:=\"|\", \")([a-z-]+)\"", shown))
    asked = {target["value"] for target in _targets(CONTENT) if target["by"] == "name"}
    assert len(asked) >= 6
    assert asked <= there


def test_every_page_the_demo_guides_ask_for_is_one_of_acme() -> None:
    steps = [step for guide in CONTENT["guides"] for step in guide["body"]["steps"]]
    asked = {step[field] for step in steps for field in ("page", "advance_page")} - {""}
    assert asked <= set(PAGES)


def _targets(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict) and "by" in node:
        yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _targets(inner)
