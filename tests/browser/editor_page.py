"""Steps of a member in the editor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.browser.live_server import Site


@dataclass(frozen=True)
class Author:
    """One signed-in page of the admin."""

    page: Page
    site: Site
    project: str = "demo"

    def open(self, path: str = "") -> None:
        """Goes to a page of the project."""
        self.page.goto(f"{self.site.url}/admin/{self.project}/{path}".rstrip("/"))

    def new_guide(self, name: str) -> None:
        """Creates a guide from the list, by clicking."""
        self.open("guides")
        self.page.get_by_role("link", name="New").click()
        dialog = self.page.get_by_role("dialog", name="New guide")
        dialog.get_by_label("Name").fill(name)
        dialog.get_by_role("button", name="Create").click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    @property
    def form(self) -> Locator:
        """The form of the selected step."""
        return self.page.locator("#part-form")

    @property
    def preview(self) -> Locator:
        """The preview of the draft, drawn by the real renderer."""
        return self.page.frame_locator("iframe#preview-frame").locator("handrail-root").get_by_role("dialog")

    @property
    def steps(self) -> Locator:
        """The list of steps."""
        return self.page.get_by_role("region", name="Steps").get_by_role("listitem")

    def field(self, name: str) -> Locator:
        """The box around one field of the step: its label, control and problems."""
        return self.form.locator(f'[data-field$=".{name}"]')

    def stored(self) -> None:
        """Waits until the editor shows that everything is saved."""
        expect(self.page.locator("#saved")).to_have_text(re.compile("^Saved"))

    def add_step(self, layout: str, title: str) -> None:
        """Adds a step of this layout."""
        before = self.steps.count()
        self.page.get_by_role("region", name="Steps").get_by_role("button", name="Add step").last.click()
        expect(self.steps).to_have_count(before + 1)
        expect(self.form.get_by_role("heading", name=f"Step {before + 1}")).to_be_visible()
        self.field("layout").get_by_text(layout).click()
        self.field("title").get_by_role("textbox").fill(title)
        self.stored()

    def choose(self, label: str, option: str) -> None:
        """Selects an option of a field of the step."""
        self.form.get_by_label(label, exact=True).select_option(label=option)
        self.stored()

    def aim(self, by: str, value: str) -> None:
        """Sets the target of the step."""
        self.form.get_by_role("button", name="Choose an element").click()
        self.form.get_by_label("Find it by").select_option(label=by)
        self.field("target").get_by_role("textbox").first.fill(value)
        self.stored()

    def write(self, words: str) -> Locator:
        """Types into the rich text, after what is there."""
        box = self.field("text").get_by_role("textbox", name="Text")
        box.click()
        box.press("Control+End")
        box.press_sequentially(words)
        return box

    def publish(self) -> Locator:
        """Opens the publish page."""
        self.page.locator("#publish-link").click()
        dialog = self.page.get_by_role("dialog", name=re.compile("^Publish"))
        expect(dialog).to_be_visible()
        return dialog

    def go_live(self) -> None:
        """Publishes, and waits until the guide is live."""
        self.publish().get_by_role("button", name=re.compile("^Publish")).click()
        expect(self.page.get_by_text(re.compile(r"Version \d+ is live"))).to_be_visible()
