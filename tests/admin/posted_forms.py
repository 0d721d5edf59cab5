"""What a browser would post of a page: the fields of one form, as they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import httpx2

Pairs = list[tuple[str, str]]


@dataclass
class _Control:
    name: str
    value: str
    tag: str
    posts: bool = True


@dataclass
class Form:
    """One form of a page: where it posts, and its fields in order."""

    action: str = ""
    controls: list[_Control] = field(default_factory=list)

    @property
    def pairs(self) -> Pairs:
        """What it would post without a script."""
        return [(one.name, one.value) for one in self.controls if one.posts and one.name]

    def fields(self) -> Pairs:
        """The same without what is not the draft's."""
        return [(name, value) for name, value in self.pairs if not name.startswith("_")]


class _Reader(HTMLParser):
    """Reads forms as a browser does: hidden, text, checked boxes, chosen options, areas."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted, self.form, self.inside = wanted, Form(), False
        self.select: _Control | None = None
        self.area: _Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("id") == self.wanted:
            self.inside, self.form.action = True, said.get("action", "")
        if not self.inside or "disabled" in said:
            return
        if tag == "input":
            ticked = said.get("type") not in ("checkbox", "radio") or "checked" in said
            self.form.controls.append(_Control(said.get("name", ""), said.get("value", ""), tag, ticked))
        elif tag == "select":
            self.select = _Control(said.get("name", ""), "", tag)
            self.form.controls.append(self.select)
        elif tag == "option" and self.select is not None and ("selected" in said or not self.select.value):
            self.select.value = said.get("value", "")
        elif tag == "textarea":
            self.area = _Control(said.get("name", ""), "", tag)
            self.form.controls.append(self.area)

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None


def form_in(html: str, id: str) -> Form:
    """The form of that id."""
    reader = _Reader(id)
    reader.feed(html)
    assert reader.form.action or reader.form.controls, f"no form {id} in {html[:300]}"
    return reader.form


async def post(browser: httpx2.AsyncClient, address: str, pairs: Pairs, *, htmx: bool = True) -> httpx2.Response:
    """Post names and values in their order, some of them more than once."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"HX-Request": "true"} if htmx else {})
    return await browser.post(address, content=urlencode(pairs), headers=headers)
