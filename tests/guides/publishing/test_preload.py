"""What the browser fetches beside a renderer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from acme_poll import kind as POLL

from guides.fields import Target
from guides.kind import Feature
from guides.publishing.preload import DEEP_FIND, PICKED, RICHTEXT, preload_chunks
from guides.registry import kind_named
from tests.architecture.source_tree import ROOT
from tests.fixtures.scenarios import tour

SPOT = {"by": "name", "value": "spot", "label": ""}
LINKED = {"type": "text", "text": "there", "marks": [{"type": "link", "href": "/there"}]}
RICH = {"type": "doc", "content": [{"type": "paragraph", "content": [LINKED]}]}


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ({}, []),
        ({"layout": "modal"}, ["layouts"]),
        ({"layout": "slideout"}, ["layouts"]),
        ({"text": RICH}, ["richtext"]),
        ({"buttons": [{"key": "go", "label": "Go", "action": {"do": "open", "url": "/there"}}]}, ["richtext"]),
        ({"closable": False}, ["behaviors"]),
        ({"backdrop_clicks": "block"}, ["behaviors"]),
        ({"on_backdrop_click": "next"}, ["behaviors"]),
        ({"extra_targets": [SPOT]}, ["behaviors"]),
        ({"advance": "time"}, ["behaviors"]),
        ({"target": {**SPOT, "by": "text"}}, ["deep-find"]),
        ({"conditions": {"not": {"element": {**SPOT, "by": "text"}}}}, ["deep-find", "items"]),
        (
            {
                "align": "start",
                "seconds": 12,
                "closable": True,
                "backdrop_clicks": "through",
                "on_backdrop_click": "nothing",
                "extra_targets": [],
            },
            [],
        ),
        ({"closable": False, "layout": "modal", "text": RICH}, ["richtext", "behaviors", "layouts"]),
    ],
)
def test_a_body_names_the_files_it_needs_and_a_plain_popover_none(more: dict[str, Any], parts: list[str]) -> None:
    draft = tour("one", text="Plain words.")
    draft["steps"][0].update({"layout": "popover", "target": SPOT, **more})
    body = kind_named("tour").Body.model_validate(draft)
    assert preload_chunks(kind_named("tour"), body) == sorted(parts)


def test_a_tour_that_asks_before_it_closes_needs_more_as_a_whole() -> None:
    body = kind_named("tour").Body.model_validate(tour("one", ask_before_close=True, on_page_left="end"))
    assert "behaviors" in preload_chunks(kind_named("tour"), body)


def test_what_finds_a_picked_element_comes_side_by_side() -> None:
    body = kind_named("tour").starter()
    body.steps[0].layout, body.steps[0].target = "popover", Target.model_construct(by="picked", value="Save", label="")  # type: ignore[attr-defined]
    assert preload_chunks(kind_named("tour"), body) == ["deep-find", "picked"]


def test_the_words_of_an_author_load_nothing() -> None:
    words = ["time", "only", "also", "layout modal", "closable", "do open", "by picked"]
    body = POLL.Body.model_validate({"question": "around", "choices": [{"key": word.split()[-1], "label": word} for word in words[:6]]})
    assert preload_chunks(POLL, body) == [Feature.MOUNT]  # what its renderer asks for, and nothing more


def test_every_chunk_that_is_named_is_built() -> None:
    built = json.loads((ROOT / "embed/build/chunks.json").read_text(encoding="utf-8"))
    assert {RICHTEXT, DEEP_FIND, PICKED, Feature.LAYOUTS, Feature.BEHAVIORS} <= built.keys()
