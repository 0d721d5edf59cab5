"""What the browser fetches beside a renderer."""

from __future__ import annotations

import json
from typing import Any

import pytest

from guides.publishing.digests import canonical_json
from guides.publishing.preload import CHUNKS, TARGET_CHUNKS, preload_chunks
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
        ({"around": "block"}, ["behaviors"]),
        ({"outside": "next"}, ["behaviors"]),
        ({"also": [SPOT]}, ["behaviors"]),
        ({"advance": "time"}, ["behaviors"]),
        ({"target": {**SPOT, "by": "text"}}, ["deep-find"]),
        ({"align": "start", "seconds": 12, "closable": True, "around": "through", "outside": "nothing", "also": []}, []),
        ({"closable": False, "layout": "modal", "text": RICH}, ["richtext", "behaviors", "layouts"]),
    ],
)
def test_a_body_names_the_files_it_needs_and_a_plain_popover_none(more: dict[str, Any], parts: list[str]) -> None:
    draft = tour("one", text="Plain words.")
    draft["steps"][0].update({"layout": "popover", "target": SPOT, **more})
    body = kind_named("tour").Body.model_validate(draft)
    assert preload_chunks(canonical_json(body.model_dump(mode="json"))) == parts


def test_a_tour_that_asks_before_it_closes_needs_more_as_a_whole() -> None:
    body = kind_named("tour").Body.model_validate(tour("one", ask_before_close=True, left="end"))
    assert "behaviors" in preload_chunks(canonical_json(body.model_dump(mode="json")))


def test_what_finds_a_picked_element_comes_side_by_side() -> None:
    assert preload_chunks(b'{"target":{"by":"picked"}}') == ["deep-find", "picked"]


def test_every_chunk_that_is_named_is_built() -> None:
    built = json.loads((ROOT / "embed/build/chunks.json").read_text(encoding="utf-8"))
    assert {*CHUNKS, *TARGET_CHUNKS} <= built.keys()
