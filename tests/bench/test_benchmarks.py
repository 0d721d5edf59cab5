"""The benchmarks still speak to the product: their requests are accepted, their author writes and saves."""

from __future__ import annotations

import pytest

from tests.bench.disk import group_commits, stored_event
from tests.bench.editor import Editing, edit
from tests.bench.first_showing import first_showing
from tests.bench.load import load
from tests.bench.sides import Side, fill
from tests.bench.trees import CURRENT, ROOT
from tests.bench.wire import boots, events

GUIDES, PEOPLE, STEPS = 3, 5, 3


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Side:
    """This tree with a small database."""
    return fill(CURRENT, tmp_path_factory.mktemp("bench") / "side", GUIDES, PEOPLE)


def test_boots_and_events_of_the_loads_are_accepted_and_stored(side: Side) -> None:
    with side.serving() as server:
        booted = load(server.port, boots(server.port, side.seeded), seconds=0, callers=2)
        accepted = load(server.port, events(server.port, side.seeded, 2), seconds=0, callers=1, expected=b"HTTP/1.1 202")
        assert (booted.answered, booted.refused, accepted.answered, accepted.refused) == (2, 0, 1, 0), (booted.last, accepted.last)
        assert b'"guides":[' in booted.last
    assert group_commits(side.database, stored_event(side.database), group=4, seconds=0.01) > 0


def test_an_author_writes_a_tour_saves_titles_and_adds_steps(side: Side) -> None:
    editing = Editing(side)
    editing.write_tour(STEPS)
    edit([editing], saves=1)
    saved = editing.saves.figures(editing.counted_saves)
    added = editing.additions.figures(editing.counted_additions)
    assert min(saved["answer, bytes"], saved["queries"], added["answer, bytes"], added["queries"]) > 0


def test_a_first_showing_is_no_smaller_than_its_kit() -> None:
    assert first_showing(ROOT) > 8000
