"""Pages and people that do not hold still: elements drawn anew, huge pages, people who come and go, a product that refuses for long."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.embed_page import (
    LOADER,
    SPOT,
    STUB,
    MockServer,
    call,
    expect_beside,
    expect_step,
    guide,
    respond_with,
    surface,
    wait_for_frames,
)
from tests.browser.page_scripts import script
from tests.browser.scenarios import step

# what reads of the page cost us is counted where they are made: a call by our own files says so in its stack
COUNTED = script("count-layout-reads")
AGAIN = script("replace-each-frame")
FRAMES = 120


def test_an_element_drawn_anew_with_every_frame_costs_a_few_reads_a_frame(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot", side="bottom"))]
    page.add_init_script(COUNTED)
    mock.visit(page)
    expect_step(page, "First")
    wait_for_frames(page)
    reads = page.evaluate(AGAIN, FRAMES)
    assert 0 < reads <= FRAMES * 30, reads
    wait_for_frames(page)
    expect_step(page, "First")
    expect_beside(page, "#spot")
    assert surface(page).count() == 1
    assert mock.flush(page) and mock.event_names("shown").count("shown") == 1


HUGE = SPOT + "<ul>" + "<li><b>an</b> <i>entry</i></li>" * 17_000 + "</ul>"


def test_a_page_of_fifty_thousand_elements_is_read_no_more_than_a_small_one(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first", "popover", "spot", side="bottom"), frequency="always")]
    page.add_init_script(COUNTED)
    counts = []
    for body in (SPOT, HUGE):
        page.goto("about:blank")
        mock.visit(page, body=body)
        expect_step(page, "First")
        wait_for_frames(page)
        counts.append(page.evaluate("reads"))
    small, huge = counts
    assert page.evaluate("() => document.querySelectorAll('*').length") > 50_000
    assert 0 < huge <= small + 60, counts


MOVES = {
    "removed": "() => spot.remove()",
    "hidden": "() => spot.style.display = 'none'",
    "moved into a frame": """() => { const frame = document.body.appendChild(document.createElement('iframe'));
        frame.style.display = 'none'; frame.contentDocument.body.append(spot); }""",
    "moved into a closed menu": "() => { const d = document.body.appendChild(document.createElement('details')); d.append(spot); }",
}


@pytest.mark.parametrize("how", MOVES)
def test_a_step_leaves_with_an_element_that_goes_and_comes_back_with_it(page: Page, mock: MockServer, how: str) -> None:
    mock.guides = [guide(step("first", "popover", "spot"))]
    mock.visit(page)
    expect_step(page, "First")
    page.evaluate(MOVES[how])
    expect(surface(page)).to_have_count(0)
    page.evaluate("(html) => document.querySelector('main').insertAdjacentHTML('beforeend', html)", SPOT)
    expect_step(page, "First")


def test_a_reset_said_before_we_arrived_leaves_nothing_of_before(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.visit(page)
    expect_step(page, "First").get_by_role("button", name="Close").click()
    mock.flush(page)
    anonymous = mock.boots[-1]["anonymous"]
    page.goto("about:blank")
    mock.visit(page, head=STUB + "<script>handrail.reset()</script>" + LOADER)
    expect_step(page, "First")
    assert mock.boots[-1]["anonymous"] != anonymous


PEOPLE = ("u1", "u2", "u3")


@pytest.mark.parametrize("seed", range(20))
def test_whoever_comes_and_goes_nothing_is_said_under_another_name(page: Page, mock: MockServer, seed: int) -> None:
    chance = random.Random(seed)
    held: list[tuple[Route, dict[str, Any]]] = []

    def late(route: Route, asked: dict[str, Any]) -> None:
        held.append((route, asked))
        if chance.random() < 0.6:
            letters = held[:]
            held.clear()
            chance.shuffle(letters)
            for each in letters:
                mock.answer_boot(*each)

    mock.answers["v1/boot"] = late
    mock.visit(page)
    said: list[tuple[str, str]] = []
    for number in range(8):
        who = chance.choice(PEOPLE)
        act = chance.choice(["identify", "reset", "track"])
        # answers are late on purpose: the page does not wait for them either
        page.evaluate("([name, args]) => void handrail[name](...args)", [act, {"identify": [who], "track": [f"did_{number}"]}.get(act, [])])
        said.append((act, who))
    mock.answers.clear()
    for each in held:
        mock.answer_boot(*each)
    call(page, "identify", "last")
    # the oldest go first: when this one has left, all have
    with page.expect_request(lambda request: '"the_end"' in (request.post_data or "")):
        call(page, "track", "the_end")
    assert owners(mock) == expected(said)


def owners(mock: MockServer) -> dict[str, str | None]:
    """Under which name each of the page's own events was sent; None for somebody without one."""
    return {
        event["name"]: batch["person"] and batch["person"]["id"]
        for batch in mock.batches
        for event in batch["events"]
        if event["name"].startswith("did_")
    }


def expected(said: list[tuple[str, str]]) -> dict[str, str | None]:
    now: str | None = None
    found: dict[str, str | None] = {}
    for number, (act, who) in enumerate(said):
        now = {"identify": who, "reset": None}.get(act, now)
        if act == "track":
            found[f"did_{number}"] = now
    return found


@pytest.mark.parametrize("status", [429, 503])
def test_in_ten_minutes_of_refusal_the_product_is_asked_a_dozen_times(
    page: Page, mock: MockServer, complaints: list[str], status: int
) -> None:
    page.clock.install()
    mock.visit(page)
    wait_for_frames(page)
    call(page, "track", "before")
    mock.flush(page)
    mock.answers["v1/events"] = respond_with(status)
    asked = len(mock.requests)
    call(page, "track", "kept")
    for _step in range(100):
        page.clock.run_for(6_000)
        wait_for_frames(page)
    assert 1 <= len(mock.requests) - asked <= 12
    mock.answers.clear()
    mock.flush(page)
    assert mock.event_names().count("kept") == 1
    complaints.clear()
