"""What the browser fetches beside a renderer."""

from __future__ import annotations

from typing import Any

import pytest

from guides.publishing.digests import canonical_json
from guides.publishing.preload import CHUNKS, preload_chunks
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
        ({"layout": "modal"}, ["shapes"]),
        ({"layout": "slideout"}, ["shapes"]),
        ({"text": RICH}, ["rich"]),
        ({"buttons": [{"key": "go", "label": "Go", "action": {"do": "open", "url": "/there"}}]}, ["rich"]),
        ({"closable": False}, ["extra"]),
        ({"around": "block"}, ["extra"]),
        ({"outside": "next"}, ["extra"]),
        ({"also": [SPOT]}, ["extra"]),
        ({"advance": "time"}, ["extra"]),
        ({"target": {**SPOT, "by": "text"}}, ["finder"]),
        ({"align": "start", "seconds": 12, "closable": True, "around": "through", "outside": "nothing", "also": []}, []),
        ({"closable": False, "layout": "modal", "text": RICH}, ["rich", "extra", "shapes"]),
    ],
)
def test_a_body_names_the_files_it_needs_and_a_plain_popover_none(more: dict[str, Any], parts: list[str]) -> None:
    draft = tour("one", text="Plain words.")
    draft["steps"][0].update({"layout": "popover", "target": SPOT, **more})
    body = kind_named("tour").Body.model_validate(draft)
    assert preload_chunks(canonical_json(body.model_dump(mode="json"))) == parts


def test_a_tour_that_asks_before_it_closes_needs_more_as_a_whole() -> None:
    body = kind_named("tour").Body.model_validate(tour("one", ask_before_close=True, left="end"))
    assert "extra" in preload_chunks(canonical_json(body.model_dump(mode="json")))


def test_what_finds_a_picked_element_comes_side_by_side() -> None:
    assert preload_chunks(b'{"target":{"by":"picked"}}') == ["finder", "picked"]


def test_the_browser_decides_by_the_same_patterns() -> None:
    source = (ROOT / "embed/src/kit/features.ts").read_text(encoding="utf-8")
    assert all(f"{name}: /{pattern}/" in source for name, pattern in CHUNKS.items())
