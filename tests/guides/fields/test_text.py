"""Strings of a body: which of them people read, and so are translated."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from guides.fields import Phrase, ShortText
from guides.kind import Body, VisibleText


class Card(Body):
    title: Phrase
    button: Annotated[Phrase, Field(max_length=5)]
    attribute: ShortText


def test_text_that_people_read_is_marked_as_translatable() -> None:
    assert {name for name, field in Card.model_fields.items() if VisibleText() in field.metadata} == {"title", "button"}


@pytest.mark.parametrize("field", ["title", "attribute"])
@pytest.mark.parametrize("text", ["x" * 201, "a\x00b"])
def test_both_refuse_what_is_too_long_or_cannot_be_stored(field: str, text: str) -> None:
    with pytest.raises(ValidationError):
        Card.model_validate({"title": "", "button": "", "attribute": "", field: text})
