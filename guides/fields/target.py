"""Target: an element of the host page, and how it is found."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from guides.fields.fingerprint import Fingerprint
from guides.fields.form import form_field, omit_none
from guides.fields.text import ShortText, check_storable
from guides.kind import Body
from guides.messages import gettext_noop


class TargetOptions(Body):
    """How an element is found, beyond what was picked."""

    text: Literal["exact", "contains", "ignore"] = form_field(
        "Its text", choices={"exact": "Is exactly this", "contains": "Contains this", "ignore": "Does not matter"}, default="exact"
    )
    row: ShortText = form_field("In the row with", "Words in the row of a table or the entry of a list.", default="")
    nth: Annotated[int, Field(ge=0, le=1000)] = form_field("Which of several", "1 is the first; 0 leaves it open.", default=0)
    strict: Literal["loose", "usual", "strict"] = form_field(
        "How sure it must be", choices={"loose": "Loose", "usual": "As usual", "strict": "Strict"}, default="usual"
    )


class Target(Body):
    """An element of the host page."""

    title: ClassVar[str] = "Element"
    by: Literal["name", "css", "text", "picked"] = form_field(
        "Find it by",
        choices={"name": "Name", "text": "Its text", "css": "CSS selector", "picked": "Picked on the page"},
        default="name",
    )
    value: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(check_storable)] = form_field(
        "Element", default=""
    )
    label: ShortText = form_field("What you call it", default="")
    fingerprint: Fingerprint | None = Field(default=None, validate_default=True, exclude_if=omit_none)
    refine: TargetOptions | None = form_field("More about finding it", default=None, advanced=True, exclude_if=omit_none)

    @field_validator("fingerprint")
    @classmethod
    def _require_fingerprint(cls, value: Fingerprint | None, info: ValidationInfo) -> Fingerprint | None:
        if info.data.get("by") == "picked" and value is None:
            raise ValueError(gettext_noop("pick the element on your page again"))
        return value

    @field_validator("refine")
    @classmethod
    def _drop_defaults(cls, value: TargetOptions | None) -> TargetOptions | None:
        return None if value == TargetOptions() else value
