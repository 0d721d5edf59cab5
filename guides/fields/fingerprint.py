"""Fingerprint: what the picker captures of an element to find it again after the page changed (read by embed/src/target)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from guides.fields.text import check_storable
from guides.kind import Body

MAX_SELECTOR_PARTS = 20
FEATURE_COUNT = 17


def _max(length: int) -> StringConstraints:
    return StringConstraints(max_length=length)


def _check_selector(value: str) -> str:
    if sum(value.count(combinator) for combinator in " >+~,") > MAX_SELECTOR_PARTS:
        raise ValueError(f"has more than {MAX_SELECTOR_PARTS} parts")
    return value


Text80 = Annotated[str, _max(80), AfterValidator(check_storable)]
Selector = Annotated[str, _max(300), AfterValidator(check_storable), AfterValidator(_check_selector)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class Fingerprint(Body):
    """The features that tell one element apart from all others of its page."""

    role: Literal["pressed", "filled", "other"]
    tag: Text80
    id: Text80
    text: Text80
    label: Text80
    icon: Text80
    attributes: Annotated[dict[Text80, tuple[Annotated[int, Field(ge=0, lt=FEATURE_COUNT)], Text80]], Field(max_length=10)]
    classes: Annotated[dict[Text80, Share], Field(max_length=8)]
    nearby_text: Annotated[list[Text80], Field(max_length=10)]
    nearby_depth: Annotated[int, Field(ge=0, le=10)]
    heading: Text80
    ancestors: Annotated[list[Annotated[str, _max(200), AfterValidator(check_storable)]], Field(max_length=8)]
    siblings: Annotated[list[Text80], Field(min_length=5, max_length=5)]
    path: Annotated[list[Text80], Field(max_length=12)]
    selectors: Annotated[list[Selector], Field(max_length=2)]
    weights: Annotated[str, StringConstraints(pattern=rf"^\d{{{FEATURE_COUNT}}}$")]
    duplicates: tuple[Count, Count]
    page_words: Annotated[list[Text80], Field(max_length=8)]
    roots: Annotated[list[Selector], Field(max_length=5)] = Field(default_factory=list)
    position: Annotated[list[Count], Field(max_length=4)] = Field(default_factory=list)
    ids: Annotated[list[Text80], Field(max_length=6)] = Field(default_factory=list)
