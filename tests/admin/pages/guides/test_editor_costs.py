"""What saving costs in the editor of a long tour: statements of SQL, bytes sent back, and which blocks come again."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import httpx2
import pytest

from guides.models import Environment, Guide, Member
from guides.publishing import drafts
from guides.publishing.publish import publish
from tests.admin.posted_forms import Pairs, form_in, post
from tests.fixtures.queries import queries

STEPS = 30
BYTES_BEFORE = 47_019
"""What one save of this tour answered when it drew the whole editor anew."""


def url(guide: Guide, *more: str) -> str:
    """An address of the guide's pages."""
    return "/".join((f"/admin/acme/guides/{guide.id}", *more))


@pytest.fixture(params=["draft", "live"])
async def tour(request: pytest.FixtureRequest, guide: Guide, editor: Member, production: Environment) -> Guide:
    """A tour of thirty steps, never published or live."""
    steps = [{**guide.draft["steps"][0], "key": f"step_{number}", "title": f"Step number {number}"} for number in range(STEPS)]
    stored = await drafts.save_draft(guide, revision=guide.revision, by=editor, draft={**guide.draft, "steps": steps})
    if request.param == "live":
        await publish(stored, production, editor)
    return stored


def state_of(page: str) -> dict[str, str]:
    """The attributes of the element by which the script follows the draft."""
    element = re.search(r'<div id="editor-state"[^>]*>', page)
    assert element
    return {name: html.unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', element.group(0))}


def body_after(state: dict[str, str], before: Any) -> Any:
    """The body the script has after an answer: as sent, or the patch applied to the one it had."""
    if "body" in state:
        return json.loads(state["body"])
    root = {"body": json.loads(json.dumps(before))}
    for path, value in json.loads(state["patch"]):
        *steps, name = ["body", *path]
        node: Any = root
        for step in steps:
            node = node[step]
        if isinstance(node, list) and name == len(node):
            node.append(value)
        else:
            node[name] = value
    return root["body"]


class Editing:
    """A page of the editor as its script keeps it: the form of one part, the revision, the body."""

    def __init__(self, browser: httpx2.AsyncClient, guide: Guide, part: str) -> None:
        self.browser, self.guide, self.part = browser, guide, part
        self.pairs: Pairs = []
        self.state: dict[str, str] = {}
        self.body: Any = None

    async def open(self) -> None:
        """Load the page."""
        page = (await self.browser.get(url(self.guide) + f"?part={self.part}")).text
        self.pairs, self.state = form_in(page, "part-form").pairs, state_of(page)
        self.body = json.loads(self.state["body"])

    async def send(self, *more: tuple[str, str], path: str = "save", **typed: str) -> httpx2.Response:
        """Post the form with some fields typed over."""
        self.pairs = [(name, typed.get(name.rpartition(".")[2], value)) for name, value in self.pairs]
        own = [("_revision", self.state["revision"]), ("_checksum", self.state["checksum"])]
        kept = [(name, value) for name, value in self.pairs if name not in ("_revision", "_checksum")]
        answer = await post(self.browser, url(self.guide, path), [*kept, *own, *more])
        assert answer.status_code == 200
        self.state = state_of(answer.text)
        self.body = body_after(self.state, self.body)
        return answer


@pytest.fixture
async def editing(as_editor: httpx2.AsyncClient, tour: Guide) -> Editing:
    """The fourth step, open."""
    page = Editing(as_editor, tour, "step_3")
    await page.open()
    return page


async def test_a_keystroke_costs_few_queries_and_few_bytes(editing: Editing) -> None:
    await editing.send(title="First")
    with queries() as statements:
        answer = await editing.send(title="Second")
    assert len(statements) <= 8, statements
    assert len(answer.content) * 5 <= BYTES_BEFORE


async def test_typing_sends_the_row_of_the_part_alone(editing: Editing) -> None:
    answer = (await editing.send(title="Typed now")).text
    targets = re.findall(r'<hx-partial hx-target="([^"]+)"', answer)
    assert set(targets) <= {"#label-step_3", "#header-actions", "#editor-state"} and "Typed now" in answer
    again = re.findall(r'<hx-partial hx-target="([^"]+)"', (await editing.send(title="Typed again")).text)
    assert again == ["#label-step_3", "#editor-state"]


async def test_the_script_follows_the_body_by_what_changed(editing: Editing) -> None:
    for words in ("One", "", "Three"):
        await editing.send(title=words)
        assert "patch" in editing.state
        fresh = Editing(editing.browser, editing.guide, "step_3")
        await fresh.open()
        assert editing.body == fresh.body and editing.state["checksum"] == fresh.state["checksum"]


async def test_a_page_with_another_body_gets_all_of_it(editing: Editing) -> None:
    editing.state["checksum"] = "other"
    await editing.send(title="Whole")
    assert "body" in editing.state and editing.body["steps"][3]["title"] == "Whole"


async def test_a_problem_that_comes_and_goes_marks_its_row(editing: Editing) -> None:
    tree = next(name for name, _value in editing.pairs if name.endswith(".text.tree"))
    empty = [(tree, '{"type":"doc","content":[]}')]
    editing.pairs = [pair for pair in editing.pairs if not pair[0].startswith(tree.removesuffix(".tree"))]
    wrong = (await editing.send(*empty, title="")).text
    assert 'hx-target="#mark-step_3"' in wrong and "thing to mend" in wrong and "says nothing" in editing.state["problems"]
    right = (await editing.send(*empty, title="Words")).text
    assert 'hx-target="#mark-step_3"' in right and "thing to mend" not in right and "says nothing" not in editing.state["problems"]


async def test_adding_a_step_sends_its_row_and_its_form(editing: Editing) -> None:
    answer = (await editing.send(("_do", "add:steps"), path="part")).text
    assert len(editing.body["steps"]) == STEPS + 1
    assert answer.count('class="step"') == 1 and 'hx-swap="beforeend"' in answer and f'name="steps.{STEPS}.title"' in answer
    assert "Step number 7" not in answer


async def test_moving_a_step_sends_the_list(editing: Editing) -> None:
    answer = (await editing.send(("_do", "move:steps.3:0"), path="part")).text
    assert answer.count('class="step"') == STEPS and editing.body["steps"][0]["key"] == "step_3"


async def test_a_button_added_inside_a_step_sends_the_form_and_no_other_row(editing: Editing) -> None:
    answer = (await editing.send(("_do", "add:steps.3.buttons"), path="part")).text
    assert 'hx-target="#part-form"' in answer and 'hx-target="#parts"' not in answer and "#label-step_4" not in answer
    buttons = editing.body["steps"][3]["buttons"]
    assert len(buttons) == len(editing.body["steps"][4]["buttons"]) + 1
