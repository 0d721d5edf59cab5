"""Pictures for the README, by hand: `python -m tests.browser.pictures` writes admin/help/pictures/*.png from a seeded server."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from guides import clock
from guides.accounts import members, sessions
from guides.events.record import record
from guides.events.resolve import Batch
from guides.ids import uuid7
from guides.models import Guide, Member, Role
from guides.people import identify as people
from guides.publishing import drafts
from tests.architecture.source_tree import ROOT
from tests.browser.chromium import ARGUMENTS, chromium
from tests.browser.demo_page import click_button, title_in
from tests.browser.live_server import Site
from tests.browser.scenarios import KIND, button, cast, demo, live, production, serve_fresh, step

PICTURES = ROOT / "admin/help/pictures"
LARGEST = 150_000
SHOWN = "Find your way around Acme"
STEPS = ["welcome", "new_deal", "first_deal", "filter", "done"]
STAYING = [0.97, 0.9, 0.82, 0.7, 0.95]
CONTACTS = json.loads((ROOT / "server/demo/crm.json").read_text(encoding="utf-8"))["contacts"]
FIRST, LAST = zip(*(contact["name"].split(" ", 1) for contact in CONTACTS), strict=True)


def main() -> None:
    """Take them all, and say how large each one is."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serve_fresh(Path(folder)) as site, window() as browser:
        guide, secret = site.run(seeded)
        browser.add_cookies([{"name": "__Host-handrail", "value": secret, "url": site.url.replace("http:", "https:"), "secure": True}])
        page = browser.new_page()
        in_the_demo(page, site)
        in_the_admin(page, site, guide)
    for picture in sorted(PICTURES.glob("*.png")):
        size = picture.stat().st_size
        print(f"{picture.relative_to(ROOT)}  {size // 1000} kB{'  TOO LARGE' if size > LARGEST else ''}")


@contextmanager
def window() -> Iterator[BrowserContext]:
    """A quiet window of 1280 by 800."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(ARGUMENTS))
        yield started.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", locale="en-GB", color_scheme="light")
        started.close()


def in_the_admin(page: Page, site: Site, guide: Guide) -> None:
    """The list, the editor at its second step, and what came of it."""
    root = f"{site.url}/admin/demo/guides"
    page.goto(root)
    expect(page.get_by_role("link", name=SHOWN)).to_be_visible()
    take(page, "guides")
    page.goto(f"{root}/{guide.id}?part=new_deal")
    preview = page.frame_locator("iframe#preview-frame").locator("handrail-root").get_by_role("dialog")
    expect(preview).to_contain_text("Start with a deal")
    take(page, "editor")
    page.goto(f"{root}/{guide.id}/results")
    expect(page.get_by_role("heading", name="Day by day")).to_be_visible()
    take(page, "report")


def in_the_demo(page: Page, site: Site) -> None:
    """The tour on the pages of the demo app."""
    page.goto(f"{site.demo}/deals")
    click_button(page, "Show me around")
    expect(title_in(page)).to_have_text("Start with a deal")
    take(page, "tour")


def take(page: Page, name: str) -> None:
    """One picture, once everything has come to rest."""
    page.evaluate("() => document.fonts.ready.then(() => Promise.allSettled(document.getAnimations().map((each) => each.finished)))")
    page.mouse.move(0, 799)
    page.screenshot(path=PICTURES / f"{name}.png", scale="css")


async def seeded() -> tuple[Guide, str]:
    """A team, some more tours, and four weeks of people."""
    await cast(Role.OWNER, Role.EDITOR)()
    for email, name in (("owner@example.com", "Ada Moreno"), ("editor@example.com", "Bo Lindqvist")):
        await members.change_profile(await Member.get(email=email), name=name, locale="en", color_scheme="light")
    owner, editor = await Member.get(email="owner@example.com"), await Member.get(email="editor@example.com")
    shown = await Guide.get(project=await demo(), name=SHOWN)
    others = [await _live("What is new in the forecast", "/reports", owner), await _live("Invite your team", "/settings*", editor)]
    await drafts.create(await demo(), KIND, "Close your first deal", editor, settings={"trigger": {"page": "/deals/*"}})
    chance = random.Random(7)
    await _visits(shown, STEPS, 160, chance)
    for number, guide in enumerate(others):
        await _visits(guide, ["one", "two"], 60 - 25 * number, chance)
    for hours, each in enumerate(await Guide.filter(project=await demo()).order_by("-edited_at")):
        await Guide.filter(id=each.id).update(edited_at=clock.now() - timedelta(hours=hours**3, minutes=4))
    return shown, await sessions.open_session(owner)


async def _live(name: str, page: str, by: Member) -> Guide:
    plan = {"all": [{"attribute": {"of": "person", "name": "plan", "op": "is", "value": "pro"}}]}
    guide = await live(name, step("one"), step("two", buttons=[button("Done", "finish")]), page=page, audience=plan)()
    await Guide.filter(id=guide.id).update(edited_by=by)
    return guide


async def _visits(guide: Guide, steps: list[str], count: int, chance: random.Random) -> None:
    """That many people, most of them lately, who see it and come more or less far."""
    environment, now = await production(), clock.now()
    batches = []
    for number in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        key = f"{guide.id}-{number}"
        plan = chance.choice(["trial", "trial", "team", "pro"])
        await people.identify(environment.id, people.Identity(key, None, {"name": name, "email": f"{key[-6:]}@example.com", "plan": plan}))
        at = now - timedelta(days=27 * (1 - chance.random() ** 0.7), minutes=chance.random() * 300 + 5)
        batches.append(
            Batch(environment, key, None, list(_walk(guide, steps, int(at.timestamp() * 1000), chance)), at + timedelta(minutes=3))
        )
    await record(batches)


def _walk(guide: Guide, steps: list[str], start: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """The events of one person who may leave at any step."""
    said = {"guide": str(guide.id), "version": 1, "item": None, "at": None, "props": {}}
    yield {**said, "id": str(uuid7(start)), "name": "shown"}
    for number, item in enumerate(steps):
        start += chance.randint(4_000, 25_000)
        yield {**said, "id": str(uuid7(start)), "name": "step_shown", "item": item}
        if chance.random() > STAYING[number]:
            reason = chance.choice(["close", "close", "escape", "button"])
            yield {**said, "id": str(uuid7(start + 2000)), "name": "dismissed", "props": {"reason": reason}}
            return
        yield {**said, "id": str(uuid7(start + 2000)), "name": "step_done", "item": item}
    yield {**said, "id": str(uuid7(start + 3000)), "name": "completed"}


if __name__ == "__main__":
    main()
