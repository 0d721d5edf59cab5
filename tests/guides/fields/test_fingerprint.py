"""What is captured of an element is typed and bounded, and bodies from before it still load."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from guides.fields import Target

FINGERPRINT: dict[str, Any] = {
    "role": "pressed",
    "tag": "button",
    "id": "reorder",
    "text": "reorder",
    "label": "",
    "icon": "fa-plus",
    "attributes": {"type": [8, "button"]},
    "classes": {"btn-primary": 1, "px-2": 0.25},
    "nearby_text": ["warehouse"],
    "nearby_depth": 3,
    "heading": "stock",
    "ancestors": ["section.panel", "main"],
    "siblings": ["", "p:twelve kinds of tea", "button:later", "", "button:reorder"],
    "path": ["button1", "section1"],
    "selectors": ["#reorder"],
    "weights": "19001000098876554",
    "duplicates": [1, 0],
    "page_words": ["orders", "people"],
    "roots": ["shop-box"],
    "position": [4, 11, 0, 0],
    "ids": ["stock"],
}


def picked(**changes: Any) -> dict[str, Any]:
    return {"by": "picked", "value": "#reorder", "label": "Reorder", "fingerprint": FINGERPRINT | changes}


def test_a_target_from_before_loads_and_is_kept_as_it_was() -> None:
    before = {"by": "css", "value": "#new", "label": "New"}
    assert Target.model_validate(before).model_dump(mode="json") == before


def test_what_was_picked_survives_being_stored() -> None:
    assert Target.model_validate(picked()).model_dump(mode="json") == picked()


def test_what_was_picked_before_ranks_were_kept_still_loads() -> None:
    before = {name: value for name, value in FINGERPRINT.items() if name not in ("position", "ids")}
    target = Target.model_validate({"by": "picked", "value": "", "fingerprint": before})
    assert target.fingerprint and (target.fingerprint.position, target.fingerprint.ids) == ([], [])


def test_picked_means_that_something_was() -> None:
    with pytest.raises(ValidationError, match="pick the element on your page again"):
        Target.model_validate({"by": "picked", "value": "#reorder"})


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "x" * 81},
        {"nearby_text": ["x"] * 11},
        {"selectors": ["a " * 21]},
        {"selectors": ["x" * 301]},
        {"attributes": {"title": [17, "x"]}},
        {"attributes": {str(number): [8, "x"] for number in range(11)}},
        {"classes": {"btn": 2}},
        {"siblings": []},
        {"weights": "9" * 16},
        {"weights": "x" * 17},
        {"role": "*"},
        {"page_words": ["nul\x00"]},
        {"position": [0] * 5},
        {"position": [-1, 0, 0, 0]},
        {"ids": ["x"] * 7},
        {"more": 1},
    ],
    ids=str,
)
def test_what_is_too_much_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Target.model_validate(picked(**changes))


def test_the_author_may_say_more() -> None:
    refined = picked() | {"refine": {"text": "ignore", "row": "Hopper", "nth": 2, "strict": "strict"}}
    assert Target.model_validate(refined).model_dump(mode="json") == refined
