"""Picked elements: found again after the page changed, and refused when there is doubt."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import HASH, PRODUCT, SNIPPET, MockServer, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

Target = dict[str, Any]
TOOLS = "<button class='btn btn-tool'>Edit</button> <button class='btn btn-tool'>Delete</button>"
PEOPLE = (("Ada Lovelace", "London"), ("Grace Hopper", "Arlington"), ("Alan Turing", "Wilmslow"))


def row(name: str, city: str, tools: str = TOOLS) -> str:
    return f"<tr><td>{name}</td><td>{city}</td><td>{tools}</td></tr>"


REORDER = "<button class='btn btn-primary' id='reorder'>Reorder</button>"
LATER = "<button class='btn'>Later</button>"
MAIL = "<a class='mail' href='/inbox'>Inbox (3)</a>"
SHOP = f"""<nav><ul>
<li><a href='/orders'>Orders</a></li><li><a href='/people'>People</a></li><li><a href='/reports'>Reports</a></li>
</ul></nav>
<section class='panel' id='stock'><h2>Stock</h2><p>Twelve kinds of tea are running low in the warehouse.</p>{REORDER} {LATER}</section>
<section class='panel'><h2>Team</h2><table><tbody>{"".join(row(*person) for person in PEOPLE)}</tbody></table></section>
<section class='panel'><h2>Inbox</h2>{MAIL}<p>Nothing else is waiting for you today.</p></section>"""
CAPTURE = f"""async (find) => {{ const {{ capture }} = await import('{PRODUCT}/embed/{HASH}/capture.js');
const {{ fingerprint, quality }} = capture(new Function('return ' + find)()); return {{ fingerprint, quality }}; }}"""


def picked(page: Page, mock: MockServer, css: str, body: str = SHOP, **refine: Any) -> Target:
    """What the builder stores when that element is picked on a page with that body."""
    return captured(page, mock, f"document.querySelector({css!r})", body, **refine)["target"]


def captured(page: Page, mock: MockServer, find: str, body: str = SHOP, **refine: Any) -> dict[str, Any]:
    """The same for an element that a script finds, with how well it will be found."""
    page.goto(mock.add_page("/picking", body=body, head=""))
    taken = page.evaluate(CAPTURE, find)
    target = {"by": "picked", "value": "picked", "label": "", "fingerprint": taken["fingerprint"]}
    return {"target": target | ({"refine": refine} if refine else {}), "quality": taken["quality"]}


def visit(page: Page, mock: MockServer, target: Target, body: str) -> None:
    """A page with a step on that target, after the time that a missing element is waited for."""
    mock.guides = [guide({**step("first", "popover"), "target": target})]
    page.clock.install()
    mock.visit(page, body=body, head=SNIPPET)
    wait_for_frames(page)
    for _ in range(6):
        page.clock.run_for(1000)
        wait_for_frames(page)


def stands_on(page: Page, css: str) -> bool:
    """The box of the first step is beside that element and no other."""
    expect_step(page, "First")
    there, here = page.locator(css).bounding_box(), surface(page).bounding_box()
    assert there and here
    across = max(here["x"] - there["x"] - there["width"], there["x"] - here["x"] - here["width"])
    along = max(here["y"] - there["y"] - there["height"], there["y"] - here["y"] - here["height"])
    return 0 <= max(across, along) <= 20


def refusal(page: Page, mock: MockServer) -> str:
    """Nothing shows, nothing counts as seen, and the product hears why."""
    expect(surface(page)).to_have_count(0)
    events = mock.flush(page)
    assert [each["name"] for each in events if each["name"] in ("shown", "step_shown")] == []
    return str(next(each for each in events if each["name"] == "target_missing")["props"]["reason"])


def test_on_an_unchanged_page_it_is_found_without_the_search_by_score(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "#reorder"), SHOP)
    assert stands_on(page, "#reorder")
    asked = {path.rpartition("/")[2] for path in mock.requests}
    assert "picked.js" in asked
    assert "scored-match.js" not in asked


CHANGES = {
    "classes and ids are generated anew": SHOP.replace("class='btn btn-primary' id='reorder'", "class='css-1x2y3z' id='r77'").replace(
        "panel", "css-9q8w7e"
    ),
    "boxes are put around it": SHOP.replace(REORDER, f"<div><div>{REORDER}</div></div>"),
    "its neighbours change places": SHOP.replace(f"{REORDER} {LATER}", f"{LATER} {REORDER}"),
    "it becomes a link": SHOP.replace(REORDER, "<a href='#' class='btn btn-primary' id='reorder'>Reorder</a>"),
    "a hidden copy stands before it": SHOP.replace(REORDER, REORDER.replace("id='reorder'", "hidden") + REORDER),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_found_again_after(page: Page, mock: MockServer, change: str) -> None:
    visit(page, mock, picked(page, mock, "#reorder"), CHANGES[change])
    assert stands_on(page, "button:visible:text-is('Reorder'), a:text-is('Reorder')")


def test_a_counter_in_its_words_may_count_on(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, ".mail"), SHOP.replace("Inbox (3)", "Inbox (12)"))
    assert stands_on(page, ".mail")


def test_a_page_in_another_language_is_still_the_page(page: Page, mock: MockServer) -> None:
    words = {
        "Orders": "Pedidos",
        "People": "Personas",
        "Reports": "Informes",
        "Stock": "Existencias",
        "Reorder": "Reponer",
        "Later": "Luego",
    }
    words |= {"Twelve kinds of tea are running low in the warehouse.": "Se acaban doce clases de te.", "Team": "Equipo", "Edit": "Editar"}
    words |= {"Delete": "Borrar", "Inbox": "Buzon", "Nothing else is waiting for you today.": "No hay nada mas.", "London": "Londres"}
    words |= {"Ada Lovelace": "Rosa", "Grace Hopper": "Lola", "Alan Turing": "Pepe", "Arlington": "Soria", "Wilmslow": "Cuenca"}
    body = SHOP
    for said, now in words.items():
        body = body.replace(said, now)
    visit(page, mock, picked(page, mock, "#reorder"), body)
    assert stands_on(page, "#reorder")


def test_a_button_of_a_row_stays_with_its_row(page: Page, mock: MockServer) -> None:
    target = picked(page, mock, "tr:nth-child(2) button")
    visit(page, mock, target, SHOP.replace("<tbody>", "<tbody>" + row("Edsger Dijkstra", "Nuenen")))
    assert stands_on(page, "tr:has-text('Grace') button:text-is('Edit')")


GONE = {
    "#reorder": SHOP.replace(REORDER, ""),
    "tr:nth-child(2) button": SHOP.replace(row(*PEOPLE[1]), row(*PEOPLE[1], tools="<button class='btn btn-tool'>Delete</button>")),
    "nav li:nth-child(2) a": SHOP.replace("<li><a href='/people'>People</a></li>", ""),
    ".mail": SHOP.replace(MAIL, ""),
}


@pytest.mark.parametrize("css", GONE)
def test_what_was_taken_away_is_not_replaced_by_its_neighbour(page: Page, mock: MockServer, css: str) -> None:
    visit(page, mock, picked(page, mock, css), GONE[css])
    assert refusal(page, mock) in ("no-candidate", "below-threshold", "ambiguous")


def test_of_two_that_look_and_stand_the_same_neither_is_chosen(page: Page, mock: MockServer) -> None:
    one = "<div class='card'><button class='btn'>Open</button></div>"
    target = captured(page, mock, "document.querySelectorAll('.card button')[1]", one * 3)
    assert target["quality"] == "check"
    visit(page, mock, target["target"], one * 4)
    assert refusal(page, mock) == "ambiguous"


def test_an_element_that_cannot_be_seen_is_waited_for(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "#reorder"), SHOP.replace("id='stock'", "id='stock' style='display:none'"))
    assert refusal(page, mock) == "hidden"
    page.evaluate("() => stock.removeAttribute('style')")
    page.clock.run_for(2000)
    assert stands_on(page, "#reorder")


HOSTED = """<p>Before</p><shop-box></shop-box><script>
document.querySelector('shop-box').attachShadow({mode: 'open'}).innerHTML = `<h2>Cart</h2><button>Pay now</button>`</script>"""


def test_it_is_found_within_an_open_shadow_root(page: Page, mock: MockServer) -> None:
    target = captured(page, mock, "document.querySelector('shop-box').shadowRoot.querySelector('button')", HOSTED)["target"]
    assert target["fingerprint"]["roots"] == ["shop-box"]
    visit(page, mock, target, HOSTED)
    assert stands_on(page, "shop-box button")


FRAMED = "<p>Before</p><iframe src='/inner' style='margin:40px;width:400px;height:300px;border:7px solid'></iframe>"


def test_it_is_found_in_a_frame_and_stood_beside_where_the_frame_is(page: Page, mock: MockServer) -> None:
    mock.add_page("/inner", body="<div style='height:90px'></div><button>Pay now</button><div style='height:900px'></div>", head="")
    target = captured(page, mock, "document.querySelector('iframe').contentDocument.querySelector('button')", FRAMED)["target"]
    visit(page, mock, target, FRAMED)
    button, box = page.frame_locator("iframe").locator("button").bounding_box(), surface(page).bounding_box()
    assert button and box
    assert abs(box["y"] - button["y"] - button["height"] - 16) <= 2 or abs(button["y"] - box["y"] - box["height"] - 16) <= 2


def test_a_frame_of_somebody_else_is_unsupported(page: Page, mock: MockServer) -> None:
    mock.add_page("/inner", body="<button>Pay now</button>", head="")
    target = captured(page, mock, "document.querySelector('iframe').contentDocument.querySelector('button')", FRAMED)["target"]
    visit(page, mock, target, FRAMED.replace("/inner", "data:text/html,<button>Pay now</button>"))
    assert refusal(page, mock) == "unsupported"


def test_a_framework_may_draw_it_anew(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "#reorder"), SHOP)
    page.evaluate("() => { const next = reorder.cloneNode(true); next.style.marginLeft = '300px'; reorder.replaceWith(next); }")
    page.clock.run_for(1500)
    assert stands_on(page, "#reorder")


def test_a_node_that_is_used_again_for_something_else_is_let_go(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "nav li:nth-child(2) a"), SHOP)
    assert stands_on(page, "nav li:nth-child(2) a")
    page.evaluate("""() => {
      const [, people, reports] = document.querySelectorAll('nav li a');
      people.textContent = 'Reports';
      people.href = '/reports';
      reports.parentElement.remove();
    }""")
    for _ in range(4):
        page.clock.run_for(1000)
        wait_for_frames(page)
    expect(surface(page)).to_have_count(0)


def test_the_author_may_say_which_row_is_meant(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "tr:nth-child(1) button", row="Turing"), SHOP)
    assert stands_on(page, "tr:has-text('Turing') button:text-is('Edit')")


def test_the_author_may_say_which_of_several_is_meant(page: Page, mock: MockServer) -> None:
    visit(page, mock, picked(page, mock, "tr:nth-child(1) button", nth=3), SHOP)
    assert stands_on(page, "tr:has-text('Turing') button:text-is('Edit')")


def test_the_author_may_say_that_its_words_do_not_matter(page: Page, mock: MockServer) -> None:
    visit(
        page,
        mock,
        picked(page, mock, "#reorder", text="ignore"),
        SHOP.replace("Reorder", "Order again, please").replace("id='reorder'", ""),
    )
    assert stands_on(page, "#stock .btn-primary")


def test_words_may_be_part_of_what_an_element_says(page: Page, mock: MockServer) -> None:
    target = {"by": "text", "value": "running low", "label": "", "refine": {"text": "contains"}}
    visit(page, mock, target, SHOP)
    assert stands_on(page, "#stock p")


def test_a_selector_may_be_narrowed_to_a_row(page: Page, mock: MockServer) -> None:
    target = {"by": "css", "value": "td button", "label": "", "refine": {"row": "hopper", "nth": 2}}
    visit(page, mock, target, SHOP)
    assert stands_on(page, "tr:has-text('Hopper') button:text-is('Delete')")


def test_now_and_then_an_event_tells_how_an_element_was_found(page: Page, mock: MockServer) -> None:
    target = picked(page, mock, "#reorder")
    page.add_init_script("Math.random = () => 0.1")
    visit(page, mock, target, SHOP.replace("id='reorder'", "").replace("btn-primary", "btn-brand"))
    assert stands_on(page, "#stock button:first-of-type")
    props = next(each["props"] for each in mock.flush(page) if each["name"] == "step_shown")
    assert props["path"] == "scored"
    assert 0.5 < props["score"] <= 1
    assert set(props) == {"page", "path", "score", "margin"}


def test_what_is_captured_is_small_and_holds_no_numbers_of_records(page: Page, mock: MockServer) -> None:
    body = SHOP.replace("href='/inbox'", "href='/inbox/88123?token=abc' data-id='88123'")
    fingerprint = picked(page, mock, ".mail", body)["fingerprint"]
    assert "88123" not in str(fingerprint)
    assert "abc" not in str(fingerprint)
    assert len(str(fingerprint)) < 2000


def test_what_stands_out_is_strong_and_what_has_likes_wants_a_check(page: Page, mock: MockServer) -> None:
    assert captured(page, mock, "document.querySelector('#reorder')")["quality"] == "strong"
    assert captured(page, mock, "document.querySelector('tr button')")["quality"] == "check"
