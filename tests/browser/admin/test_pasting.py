"""Pasting into the rich-text field: what the tree can hold stays, whatever it came from, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.editor_page import Author
from tests.browser.live_server import Site
from tests.browser.richtext_page import FILM, FULL, open_with, outline, stored, text
from tests.browser.scenarios import serve_fresh


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for these tests."""
    with serve_fresh(tmp_path_factory.mktemp("pasting")) as running:
        yield running


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{color:red}</style></head><body><!--StartFragment-->
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>One</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>Within</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Two<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.</span><b>Three</b></p>
<p class=MsoNormal style='color:red'>A <a href="https://a.example/">link</a>,
<a href="file:///c:/x">no link</a><img src="file:///c:/x.png"></p>
<table class=MsoTableGrid border=1><tr><td colspan=2 rowspan=2 style='background:red'><p class=MsoNormal>Both</p></td><td>R1</td></tr>
<tr><td>R2</td></tr></table>
<!--EndFragment--></body></html>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1 dir="ltr"><span>Title</span></h1>
<p dir="ltr"><span style="font-weight:700">bold</span><span style="font-style:italic;color:#f00">slanted</span></p>
<ul><li dir="ltr"><p dir="ltr" role="presentation"><span>item</span></p></li></ul></b>"""
SHEETS = """<meta charset="utf-8"><google-sheets-html-origin><style>td{border:1px}</style>
<table dir="ltr" data-sheets-root="1"><colgroup><col width="100"/><col width="100"/></colgroup><tbody>
<tr><th>Plan</th><th>Seats</th></tr>
<tr><td data-sheets-value="{}">Pro</td><td style="text-align:right">20</td></tr></tbody></table></google-sheets-html-origin>"""

PASTE = """(field, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def cells(*rows: list[str], header: bool = False) -> dict[str, Any]:
    filled = [{"row": [{"cell": [[words]] if words else []} for words in row]} for row in rows]
    return {"table+" if header else "table": filled}


PASTED = [
    (
        WORD,
        [
            {"list": [{"item": [["One"], {"list": [{"item": [["Within"]]}]}]}, {"item": [["Two"]]}]},
            {"list+": [{"item": [["Three/bold"]]}]},
            ["A ", "link/https://a.example/", ", no link"],
            cells(["Both", "", "R1"], ["", "", "R2"]),
        ],
    ),
    (DOCS, [{"heading": ["Title"]}, ["bold/bold", "slanted/italic"], {"list": [{"item": [["item"]]}]}]),
    (SHEETS, [cells(["Plan", "Seats"], ["Pro", "20"], header=True)]),
    ("<table><tr><td>alone</td></tr></table>", [["alone"]]),
    ("<script>alert(1)</script><img src=x onerror=alert(1)><p onclick=alert(1)>kept</p>", [["kept"]]),
    (f'<iframe src="https://www.youtube.com/embed/{FILM}"></iframe><iframe src="https://evil.example/"></iframe>', [{"video": []}]),
]


@pytest.mark.parametrize(("html", "kept"), PASTED, ids=["word", "docs", "sheets", "one cell", "hostile", "frames"])
def test_what_is_pasted_keeps_its_shape_and_drops_the_rest(author: Author, html: str, kept: list[Any]) -> None:
    open_with(author)
    text(author).evaluate(PASTE, html)
    assert [outline(block) for block in stored(author)] == kept


def test_every_block_survives_being_cut_and_pasted(author: Author, page: Page) -> None:
    open_with(author, FULL)
    before = [outline(block) for block in FULL["content"]]
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+x")
    assert stored(author) == []
    page.keyboard.press("Control+v")
    assert [outline(block) for block in stored(author)] == before
