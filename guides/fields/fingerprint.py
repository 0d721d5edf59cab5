"""What is captured of an element when it is picked, so that it is found again after the page changed (embed/src/target reads it)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from guides.kind import Body

MOST_PARTS = 20
FEATURES = 17


def clean(value: str) -> str:
    """The text, unless no database can keep it."""
    if "\x00" in value:
        raise ValueError("holds a character that cannot be stored")
    return value


def _short(length: int) -> StringConstraints:
    return StringConstraints(max_length=length)


def _check_selector(value: str) -> str:
    if sum(value.count(sign) for sign in " >+~,") > MOST_PARTS:
        raise ValueError(f"has more than {MOST_PARTS} parts")
    return value


Word = Annotated[str, _short(80), AfterValidator(clean)]
Selector = Annotated[str, _short(300), AfterValidator(clean), AfterValidator(_check_selector)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=100_000)]


class Print(Body):
    """What tells one element apart from all others of its page."""

    family: Literal["pressed", "filled", "other"]
    tag: Word
    id: Word
    text: Word
    label: Word
    sign: Word
    attributes: Annotated[dict[Word, tuple[Annotated[int, Field(ge=0, lt=FEATURES)], Word]], Field(max_length=10)]
    classes: Annotated[dict[Word, Share], Field(max_length=8)]
    near: Annotated[list[Word], Field(max_length=10)]
    reach: Annotated[int, Field(ge=0, le=10)]
    heading: Word
    above: Annotated[list[Annotated[str, _short(200), AfterValidator(clean)]], Field(max_length=8)]
    beside: Annotated[list[Word], Field(min_length=5, max_length=5)]
    path: Annotated[list[Word], Field(max_length=12)]
    selectors: Annotated[list[Selector], Field(max_length=2)]
    power: Annotated[str, StringConstraints(pattern=rf"^\d{{{FEATURES}}}$")]
    twins: tuple[Count, Count]
    known: Annotated[list[Word], Field(max_length=8)]
    within: Annotated[list[Selector], Field(max_length=5)] = Field(default_factory=list)
    rank: Annotated[list[Count], Field(max_length=4)] = Field(default_factory=list)
    ids: Annotated[list[Word], Field(max_length=6)] = Field(default_factory=list)
