"""An author over HTTP: joins the project, writes a tour and publishes it, by the forms of whatever revision serves them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.bench.browser import Answer, Browser
from tests.bench.trees import Tree

STEPS = 30
TITLE = "title"
TEXT = (
    "Every deal moves through the same five columns, from a first call to a signed contract. "
    "Drag a card to the next column when a call went well, and we keep its history for you."
)
# names of fields in the form of a step; what a revision does not have is left out
STEP = {
    "layout": "popover",
    "text": TEXT,
    "target.by": "css",
    "target.value": "#deals .column:nth-child(2) > header button[data-act=add]",
    "target.label": "“Add deal” button",
    "buttons.0.label": "Next",
    "buttons.0.action.do": "next",
}


class Author:
    """An editor of the project, signed in, with one tour."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.tour = ""
        self.keys: list[str] = []

    def join(self, tree: Tree, environ: Mapping[str, str]) -> str:
        """Accept an invitation made at the console; returns the address of the project."""
        printed = tree.run("-m", "server", "member", "add", "author@example.com", "--role", "editor", environ=environ)
        link = re.search(r"https?://\S+invitation\S+", printed)
        assert link, printed
        form = self.browser.get(link[0]).form("/invitation")
        return self.browser.submit(form, {"name": "Robin Author", "password": "a long enough sentence"}).url

    def write_tour(self, project: str, steps: int = STEPS) -> None:
        """Make the tour, fill in its first step, copy it until there are so many, then publish."""
        page = self.browser.submit(self.browser.get(f"{project}/guides/new").form("/guides/new"), {"name": "Your first deal"})
        self.tour = page.url.partition("?")[0]
        page = self.press(page, "fill:", ".target")
        page = self.browser.submit(page.form(id="part-form"), STEP)
        for number in range(1, steps):
            page = self.press(page, "copy:", values={TITLE: f"Step {number} of your first deal"})
        page = self.browser.submit(page.form(id="part-form"), {TITLE: f"Step {steps} of your first deal"})
        self.keys = keys_of_steps(page)
        assert len(self.keys) == steps, f"{len(self.keys)} steps instead of {steps}"
        published = self.browser.submit(self.browser.get(f"{self.tour}/publish").form("/publish"))
        assert published.status == 200, f"not published: {published.status}"

    def press(self, page: Answer, command: str, ending: str = "", values: Mapping[str, str] | None = None) -> Answer:
        """Press the button of the step's form whose command begins and ends so; returns the editor afterwards."""
        form = page.form(id="part-form")
        fitting = (button for button in form.buttons if button.value.startswith(command) and button.value.endswith(ending))
        return self.browser.submit(form, values, next(fitting))

    def open(self, number: int) -> Answer:
        """The editor with that step chosen, counted from 0."""
        return self.browser.get(f"{self.tour}?part={self.keys[number]}")

    def save_title(self, page: Answer, title: str) -> Answer:
        """Type another title: htmx posts the step's form."""
        return self.browser.send(page.form(id="part-form"), {TITLE: title})

    def add_step(self, page: Answer) -> Answer:
        """Press “Add step”."""
        return self.browser.send(page.form(button="add:"))

    def undo(self, page: Answer) -> Answer:
        """Press “Undo”."""
        return self.browser.send(page.form("/undo"))


def keys_of_steps(page: Answer) -> list[str]:
    """The keys of the steps that an editor page lists, in order."""
    return list(dict.fromkeys(re.findall(r"\?part=([A-Za-z0-9_-]+)", page.body.decode())))
