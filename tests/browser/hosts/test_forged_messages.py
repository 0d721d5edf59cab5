"""Messages that somebody made up, from the page, its frames and other tabs of it: they change nothing and throw nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.embed_page import KEY, SNIPPET, SPOT, MockServer, call, expect_step, guide, surface, wait_for_frames
from tests.browser.scenarios import step

FRAMES = """<iframe name="same" srcdoc="<p>a frame</p>"></iframe>
<iframe name="odd" sandbox="allow-scripts" srcdoc="<p>another</p>"></iframe>"""
PAYLOADS = """const payloads = () => {
  const types = ['handrail:preview', 'handrail:builder', 'handrail', 'preview', 'port', 'show', 'end', 'boot', 'close', 'off'];
  const all = types.flatMap((t) => [{t, type: t, draft: {steps: []}, guide: 'GUIDE', nonce: 'x'}, t, JSON.stringify({t}), [t, {}]]);
  const deep = {}; let at = deep; for (let n = 0; n < 500; n++) at = at.t = {};
  return [...all, deep, null, 0, 'x'.repeat(1e6), new Map([['t', 'handrail:preview']]), new Error('handrail'),
    {__proto__: null, t: 'handrail:preview'}, [[]], {origin: 'ORIGIN'}]; };"""
WAYS = {
    "the window itself": "for (const each of payloads()) postMessage(each, '*');",
    "events made by hand": """const origins = ['https://help.example', 'https://help.example.evil.example', 'null', ''];
      for (const data of payloads()) for (const origin of origins)
      dispatchEvent(new MessageEvent('message', {data, origin, source: window}));
      dispatchEvent(new MessageEvent('message', {data: {get t() { throw new Error('read'); }}, origin: 'https://help.example'}));""",
    "a port": "for (const each of payloads()) postMessage(each, '*', [new MessageChannel().port1]);",
    "a channel": """for (const name of ['handrail', 'handrail:KEY', 'KEY']) {
      const to = new BroadcastChannel(name); for (const each of payloads()) to.postMessage(each); }""",
    "storage events": """const ends = ['', ':guides', ':boot', ':out', ':armed'];
      const keys = [...ends.map((end) => 'handrail:KEY' + end), null, '__proto__'];
      const over = '{"who":"a:anon","guides":{"GUIDE":{"status":"completed","at":9e15,"done":[]}}}';
      for (const key of keys) for (const newValue of [null, '', 'null', '[]', '{"off":true}', over, '\\ud800'])
        dispatchEvent(new StorageEvent('storage', {key, newValue, oldValue: newValue, storageArea: localStorage}));""",
    "events of our names": """const names = ['ready', 'preview', 'clash', 'save', 'off'].map((name) => 'handrail:' + name);
      for (const name of [...names, 'handrail', 'guide:dismissed', 'guide:completed'])
      for (const of of [document, window, document.querySelector('handrail-root')])
        for (const detail of payloads()) of.dispatchEvent(new CustomEvent(name, {detail, bubbles: true, composed: true}));""",
}


def forged(way: str, name: str) -> str:
    """The script that sends them."""
    return f"() => {{ {PAYLOADS} {WAYS[way]} }}".replace("GUIDE", name).replace("KEY", KEY)


def nothing_changed(page: Page, mock: MockServer, name: str, events: int) -> None:
    wait_for_frames(page)
    expect_step(page, "First")
    assert [each["state"] for each in call(page, "list")] == ["shown"]
    assert len(mock.flush(page)) == events and len(mock.boots) == 1
    call(page, "end", name)
    expect(surface(page)).to_have_count(0)


@pytest.fixture
def name(page: Page, mock: MockServer) -> str:
    """A page with frames and a step on screen; hands back the guide's id."""
    mock.guides = [guide(step("first", "slideout"))]
    mock.visit(page, head=SNIPPET, body=SPOT + FRAMES)
    expect_step(page, "First")
    wait_for_frames(page)
    return str(mock.guides[0]["id"])


@pytest.mark.parametrize("way", WAYS)
def test_what_the_page_makes_up_changes_nothing(page: Page, mock: MockServer, name: str, way: str) -> None:
    events = len(mock.flush(page))
    page.evaluate(forged(way, name))
    nothing_changed(page, mock, name, events)


@pytest.mark.parametrize("frame", ["same", "odd"])
def test_what_a_frame_makes_up_changes_nothing(page: Page, mock: MockServer, name: str, frame: str) -> None:
    events = len(mock.flush(page))
    inside = page.frame(frame)
    assert inside
    inside.evaluate(f"() => {{ {PAYLOADS} for (const each of payloads()) parent.postMessage(each, '*'); }}".replace("GUIDE", name))
    nothing_changed(page, mock, name, events)


def test_what_another_tab_sends_changes_nothing(page: Page, mock: MockServer, name: str) -> None:
    events = len(mock.flush(page))
    mock.add_page("/other", head="", body="")
    other = page.context.new_page()
    other.goto("https://acme.example/other")
    other.evaluate(forged("a channel", name))
    page.bring_to_front()
    nothing_changed(page, mock, name, events)
