"""Where a box stands, and the light on its element."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.embed_page import SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import doc, step

LIGHT = "handrail-root .hr-spotlight"
Box = dict[str, float]


def at(left: int, top: int, width: int = 120, height: int = 40, more: str = "") -> str:
    """A button that stands exactly there."""
    place = f"position:absolute;left:{left}px;top:{top}px;width:{width}px;height:{height}px;margin:0;{more}"
    return SPOT.replace("<button ", f'<button style="{place}" ')


def box_of(where: Locator) -> Box:
    found: Any = where.bounding_box()
    return found


def open_tour(page: Page, mock: MockServer, body: str, **more: Any) -> Locator:
    """The step on the spot of that page."""
    mock.guides = [guide({**step("first", "popover", "spot"), **more})]
    mock.visit(page, body=body)
    shown = expect_step(page, "First")
    wait_for_frames(page)
    return shown


def side_of(here: Box, there: Box) -> str:
    if here["y"] >= there["y"] + there["height"]:
        return "bottom"
    if here["y"] + here["height"] <= there["y"]:
        return "top"
    return "right" if here["x"] >= there["x"] + there["width"] else "left" if here["x"] + here["width"] <= there["x"] else "over"


SCROLLS = """(node) => [...node.querySelectorAll('*')].some((each) => each.scrollHeight > each.clientHeight + 20
&& getComputedStyle(each).overflowY === 'auto')"""
SIDES = [
    ("top", (600, 500), "top"),
    ("bottom", (600, 300), "bottom"),
    ("start", (700, 300), "left"),
    ("end", (400, 300), "right"),
    ("top", (600, 10), "bottom"),
    ("bottom", (600, 740), "top"),
    ("start", (10, 300), "right"),
    ("end", (1150, 300), "left"),
]


@pytest.mark.parametrize(("side", "place", "expected"), SIDES)
def test_the_wanted_side_is_taken_where_there_is_room_and_else_the_opposite(
    page: Page, mock: MockServer, side: str, place: tuple[int, int], expected: str
) -> None:
    dialog = open_tour(page, mock, at(*place), side=side)
    assert side_of(box_of(dialog), box_of(page.locator("#spot"))) == expected


@pytest.mark.parametrize(("size", "expected"), [((120, 760), ("left", "right")), ((1240, 760), ("over",))])
def test_without_room_above_and_below_it_stands_beside_or_docks_at_the_bottom(
    page: Page, mock: MockServer, size: tuple[int, int], expected: tuple[str, ...]
) -> None:
    dialog = open_tour(page, mock, at(20 if size[0] > 200 else 560, 20, *size), side="bottom")
    here = box_of(dialog)
    assert side_of(here, box_of(page.locator("#spot"))) in expected
    if "over" in expected:
        assert here["y"] + here["height"] == pytest.approx(792, abs=1)


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2560])
def test_the_box_is_whole_inside_every_window_and_scrolls_within_when_too_tall(page: Page, mock: MockServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 480})
    dialog = open_tour(page, mock, at(width - 130, 200), text=doc(*["A sentence that goes on for some while."] * 40))
    here = box_of(dialog)
    assert here["x"] >= 8 and here["y"] >= 8, here
    assert here["x"] + here["width"] <= width - 8 and here["y"] + here["height"] <= 480 - 8, here
    assert dialog.evaluate(SCROLLS)
    expect(dialog.get_by_role("button", name="Next")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("corner", ["top-start", "bottom-end"])
def test_a_card_that_is_too_tall_is_whole_inside_the_window(page: Page, mock: MockServer, corner: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 400})
    dialog = open_tour(page, mock, SPOT, layout="slideout", corner=corner, text=doc(*["A sentence that goes on for some while."] * 40))
    here = box_of(dialog)
    assert here["y"] >= 8 and here["y"] + here["height"] <= 400 - 8, here
    assert dialog.evaluate(SCROLLS)


ARROW = """(node) => { const { left, top } = getComputedStyle(node, '::after');
return [parseFloat(left) + 7, parseFloat(top) + 7, parseFloat(getComputedStyle(node).borderRadius)]; }"""


@pytest.mark.parametrize("left", [8, 200, 600, 1100, 1180])
def test_the_arrow_points_at_the_middle_of_its_element_or_stops_at_the_rounded_corner(page: Page, mock: MockServer, left: int) -> None:
    dialog = open_tour(page, mock, at(left, 300, 60), side="bottom")
    here, middle = box_of(dialog), left + 30
    along, _down, radius = dialog.evaluate(ARROW)
    points = here["x"] + along
    assert radius + 7 <= along + 4 and along <= here["width"] - radius - 3
    assert points == pytest.approx(middle, abs=2) or along <= radius + 12 or along >= here["width"] - radius - 12


def test_an_element_larger_than_the_window_leaves_the_controls_in_sight(page: Page, mock: MockServer) -> None:
    dialog = open_tour(page, mock, at(0, 0, 3000, 3000))
    for name in ("Next", "Close"):
        expect(dialog.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)


MOVES = [
    "spot.style.width = '300px'",
    "spot.style.height = '140px'",
    "spot.style.top = '420px'",
    "spot.before(Object.assign(document.createElement('p'), {style: 'height:90px'}))",
]


@pytest.mark.parametrize("move", MOVES)
def test_box_and_light_follow_when_the_page_moves_its_element(page: Page, mock: MockServer, move: str) -> None:
    dialog = open_tour(page, mock, at(300, 200, more="position:relative;" if "before" in move else ""), side="bottom")
    page.evaluate(f"() => {{ {move}; }}")
    wait_for_frames(page)
    there, light = box_of(page.locator("#spot")), box_of(page.locator(LIGHT))
    assert light["x"] == pytest.approx(there["x"] - 6, abs=2) and light["y"] == pytest.approx(there["y"] - 6, abs=2)
    assert light["width"] == pytest.approx(there["width"] + 12, abs=2) and light["height"] == pytest.approx(there["height"] + 12, abs=2)
    assert box_of(dialog)["y"] == pytest.approx(there["y"] + there["height"] + 16, abs=2)


def test_box_and_light_follow_when_the_window_changes_its_size(page: Page, mock: MockServer) -> None:
    dialog = open_tour(page, mock, at(0, 300, more="left:auto;right:40px;"), side="bottom")
    page.set_viewport_size({"width": 900, "height": 700})
    wait_for_frames(page)
    there, light = box_of(page.locator("#spot")), box_of(page.locator(LIGHT))
    assert light["x"] == pytest.approx(there["x"] - 6, abs=2)
    assert box_of(dialog)["x"] + box_of(dialog)["width"] <= 892


@pytest.mark.parametrize("position", ["fixed", "sticky"])
def test_the_light_stays_on_an_element_in_a_bar_that_stays(page: Page, mock: MockServer, position: str) -> None:
    bar = f'<div style="position:{position};top:0;height:60px">{at(20, 10)}</div>'
    open_tour(page, mock, bar + "<div style='height:3000px'></div>", side="bottom")
    page.evaluate("() => scrollTo(0, 700)")
    page.wait_for_function("() => scrollY === 700")
    wait_for_frames(page)
    there, light = box_of(page.locator("#spot")), box_of(page.locator(LIGHT))
    assert (light["x"], light["y"]) == (pytest.approx(there["x"] - 6, abs=2), pytest.approx(there["y"] - 6, abs=2))


TOP = """(node) => { const { x, y, width, height } = node.getBoundingClientRect();
return document.elementFromPoint(x + width / 2, y + height / 2)?.localName; }"""
COVER = '<div style="position:fixed;inset:0;z-index:2147483647;background:#fff9"></div>'
MODAL = "<dialog id=modal>Theirs</dialog>"


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("cover", [COVER, MODAL], ids=["z-index", "dialog"])
def test_nothing_of_the_page_covers_the_box(page: Page, mock: MockServer, cover: str, late: bool) -> None:
    show = "document.querySelector('#modal')?.showModal()"
    dialog = open_tour(
        page, mock, at(600, 300) + ("<template>" if late else "") + cover + ("</template>" if late else f"<script>{show}</script>")
    )
    if late:
        page.evaluate(f"() => {{ document.body.append(document.querySelector('template').content); {show}; }}")
        wait_for_frames(page)
    assert dialog.evaluate(TOP) == "handrail-root"
    if cover == COVER:
        dialog.get_by_role("button", name="Close").click()
        expect(surface(page)).to_have_count(0)


def test_around_a_modal_the_page_is_not_clicked(page: Page, mock: MockServer) -> None:
    mock.guides = [guide(step("first"))]
    mock.visit(page, body=at(20, 100))
    expect_step(page, "First")
    page.mouse.click(60, 120)
    wait_for_frames(page)
    assert page.evaluate("window.pressed || 0") == 0
    expect_step(page, "First")


OUTSIDE = '<button style="position:absolute;left:20px;top:700px" onclick="window.outside=1">Outside</button>'


@pytest.mark.parametrize(
    ("more", "clicks"), [({"backdrop_clicks": "block"}, [0, 1]), ({}, [1, 1]), ({"backdrop_clicks": "block", "backdrop": False}, [1, 1])]
)
def test_around_a_blocking_light_the_page_is_not_clicked_and_inside_it_is(
    page: Page, mock: MockServer, more: dict[str, Any], clicks: list[int]
) -> None:
    open_tour(page, mock, at(600, 300) + OUTSIDE, **more)
    page.mouse.click(30, 710)
    page.mouse.click(660, 320)
    wait_for_frames(page)
    assert page.evaluate("[window.outside || 0, window.pressed || 0]") == clicks
    expect_step(page, "First")


def test_the_blocking_light_follows_its_element_and_goes_with_the_step(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, at(600, 300) + OUTSIDE, backdrop_clicks="block")
    page.evaluate("() => { spot.style.left = '200px'; }")
    wait_for_frames(page)
    page.mouse.click(660, 320)
    page.mouse.click(260, 320)
    assert page.evaluate("window.pressed || 0") == 1
    surface(page).get_by_role("button", name="Close").click()
    expect(surface(page)).to_have_count(0)
    page.mouse.click(30, 710)
    assert page.evaluate("window.outside || 0") == 1


LISTEN = """() => { window.got = []; for (const name of ['pointerdown', 'mousedown', 'mouseup', 'click', 'keydown', 'wheel'])
addEventListener(name, (event) => got.push([name, event.target.id, event.defaultPrevented, event.isTrusted])); }"""


def test_without_a_dim_the_page_receives_every_event_untouched(page: Page, mock: MockServer) -> None:
    open_tour(page, mock, at(600, 300) + '<input id="field" style="position:absolute;left:20px;top:700px">', backdrop=False)
    page.evaluate(LISTEN)
    page.mouse.click(660, 320)
    page.mouse.click(30, 710)
    page.keyboard.press("j")
    page.mouse.move(640, 60)
    page.mouse.wheel(0, 10)
    page.wait_for_function("() => got.some((each) => each[0] === 'wheel')")
    got = page.evaluate("got")
    assert [each[0] for each in got if each[1] == "spot"] == ["pointerdown", "mousedown", "mouseup", "click"]
    assert ["keydown", "field", False, True] in got
    assert not any(each[2] for each in got)
    assert page.locator("#field").input_value() == "j"


def test_only_one_light_burns_for_an_element_within_another(page: Page, mock: MockServer) -> None:
    outer = f'<div data-handrail-target="spot" style="padding:30px;width:400px">{at(0, 0, more="position:static;")}</div>'
    open_tour(page, mock, outer)
    assert page.locator(LIGHT).count() == 1


def named(*names: str) -> list[dict[str, Any]]:
    return [{"by": "name", "value": name, "label": ""} for name in names]


def marked(name: str, left: int, top: int, inner: str = "") -> str:
    return f'<div data-handrail-target="{name}" style="position:absolute;left:{left}px;top:{top}px;width:90px;height:40px">{inner}</div>'


HOLES = """() => { const path = document.querySelector('handrail-root').shadowRoot.querySelector('.hr-cutouts path').getAttribute('d');
return path.split('M').slice(2).map((each) => each.match(/^-?[\\d.]+ -?[\\d.]+/)[0].split(' ').map(Number)); }"""


def holes(page: Page) -> list[list[float]]:
    """Where each hole begins: past its corner, six pixels above its element."""
    found: list[list[float]] = page.evaluate(HOLES)
    return found


def test_several_elements_are_lit_up_each_by_its_own_hole(page: Page, mock: MockServer) -> None:
    body = at(600, 300) + marked("left", 100, 100) + marked("right", 900, 600)
    open_tour(page, mock, body, extra_targets=named("left", "right", "nowhere"))
    assert [y for _x, y in holes(page)] == [294, 94, 594]
    page.evaluate("() => { document.querySelector('[data-handrail-target=left]').style.top = '160px'; }")
    wait_for_frames(page)
    assert [y for _x, y in holes(page)] == [294, 154, 594]
    page.evaluate("() => document.querySelector('[data-handrail-target=right]').remove()")
    wait_for_frames(page)
    assert [y for _x, y in holes(page)] == [294, 154]


@pytest.mark.parametrize("lit", [("outer",), ("outer", "inner")])
def test_of_two_lit_elements_one_within_the_other_there_is_one_hole(page: Page, mock: MockServer, lit: tuple[str, ...]) -> None:
    inside = at(0, 0, 40, 20, more="position:static;") + '<b data-handrail-target="inner">B</b>'
    open_tour(page, mock, marked("outer", 600, 300, inside), extra_targets=named(*lit))
    assert [y for _x, y in holes(page)] == [294]
    assert page.locator("handrail-root .hr-cutouts").count() == 1


def test_what_is_lit_up_as_well_can_be_clicked_where_the_rest_is_blocked(page: Page, mock: MockServer) -> None:
    other = marked("left", 100, 500, '<button onclick="window.outside=2" style="width:90px;height:40px">Other</button>')
    open_tour(page, mock, at(600, 300) + OUTSIDE + other, backdrop_clicks="block", on_backdrop_click="close", extra_targets=named("left"))
    page.mouse.click(140, 520)
    wait_for_frames(page)
    assert page.evaluate("window.outside") == 2
    expect_step(page, "First")


EDGES = [("start", "left"), ("end", "right"), ("center", "middle")]


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize(("align", "edge"), EDGES)
@pytest.mark.parametrize("side", ["top", "bottom"])
def test_it_lines_up_as_its_author_said(page: Page, mock: MockServer, side: str, align: str, edge: str, lang: str) -> None:
    mock.guides = [guide({**step("first", "popover", "spot"), "side": side, "align": align})]
    mock.visit(page, body=at(500, 350, 160), lang=lang)
    dialog = expect_step(page, "First")
    wait_for_frames(page)
    here, there = box_of(dialog), box_of(page.locator("#spot"))
    mirrored = {"left": "right", "right": "left"}.get(edge, edge) if lang == "ar" else edge
    share = {"left": 0, "middle": 0.5, "right": 1}[mirrored]
    assert here["x"] + share * here["width"] == pytest.approx(there["x"] + share * there["width"], abs=1)
    along, _down, _radius = dialog.evaluate(ARROW)
    assert here["x"] + along == pytest.approx(there["x"] + there["width"] / 2, abs=2)


@pytest.mark.parametrize("align", ["start", "center", "end"])
@pytest.mark.parametrize("side", ["start", "end"])
def test_beside_its_element_it_lines_up_downwards(page: Page, mock: MockServer, side: str, align: str) -> None:
    dialog = open_tour(page, mock, at(550, 300, 120, 120), side=side, align=align)
    here, there = box_of(dialog), box_of(page.locator("#spot"))
    share = {"start": 0, "center": 0.5, "end": 1}[align]
    assert here["y"] + share * here["height"] == pytest.approx(there["y"] + share * there["height"], abs=1)


@pytest.mark.parametrize(("align", "left"), [("start", 1150), ("end", 10)])
def test_where_lining_up_would_leave_the_window_it_shifts_and_the_arrow_stays(page: Page, mock: MockServer, align: str, left: int) -> None:
    dialog = open_tour(page, mock, at(left, 20, 60), side="top", align=align)
    here = box_of(dialog)
    along, _down, _radius = dialog.evaluate(ARROW)
    assert here["x"] >= 8 and here["x"] + here["width"] <= 1272
    assert side_of(here, box_of(page.locator("#spot"))) == "bottom"
    assert here["x"] + along == pytest.approx(left + 30, abs=3)


STYLES = """() => JSON.stringify([...document.querySelectorAll('body *:not(handrail-root)')].map((each) => {
const style = getComputedStyle(each);
return [each.outerHTML, each.getBoundingClientRect(), [...style].map((name) => style.getPropertyValue(name)).join()]; }))"""


def test_nothing_around_the_element_is_clipped_or_restyled(page: Page, mock: MockServer) -> None:
    entries = '<ul style="position:absolute;top:50px;left:20px"><li>An entry</li></ul>'
    menu = f'<div style="position:relative;overflow:visible;height:60px">{at(20, 10)}{entries}</div>'
    mock.guides = [guide(step("first", "popover", "spot"), start="manual")]
    mock.visit(page, body=menu)
    wait_for_frames(page)
    before = page.evaluate(STYLES)
    call(page, "start", mock.guides[0]["id"])
    expect_step(page, "First")
    wait_for_frames(page)
    assert page.evaluate(STYLES) == before
    expect(page.get_by_text("An entry")).to_be_visible()
