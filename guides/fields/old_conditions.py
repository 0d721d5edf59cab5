"""Conditions of a part of a body: an attribute, a page, an element."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from guides.fields.form import form_field
from guides.fields.target import Target
from guides.fields.text import PagePattern, ShortText
from guides.kind import Body

_COMPARED = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "contains_not": "does not contain",
    "starts_with": "starts with",
    "in": "is any of",
    "not_in": "is none of",
    "is_set": "is known",
    "is_not_set": "is not known",
    "greater": "is more than",
    "less": "is less than",
    "before": "is before",
    "after": "is after",
    "older_than_days": "is more days ago than",
    "newer_than_days": "is fewer days ago than",
}
_WITH_VALUE = [op for op in _COMPARED if op not in ("is_set", "is_not_set")]

ONLY = "only"


class IfAttribute(Body):
    """Of the person, or of their company."""

    title: ClassVar[str] = "Attribute"
    by: Literal["attribute"] = "attribute"
    of: Literal["person", "company"] = form_field("Of whom", choices={"person": "Person", "company": "Company"}, default="person")
    name: ShortText = form_field("Attribute", default="")
    op: Literal[
        "is", "is_not", "contains", "contains_not", "starts_with", "in", "not_in", "is_set", "is_not_set", "greater", "less",
        "before", "after", "older_than_days", "newer_than_days",
    ] = form_field("Comparison", choices=_COMPARED, default="is")  # fmt: skip
    value: ShortText = form_field("Value", "Several are written with commas between them.", visible_when={"op": _WITH_VALUE}, default="")


class IfPage(Body):
    """The address of the page."""

    title: ClassVar[str] = "Page"
    by: Literal["page"] = "page"
    op: Literal["is", "is_not"] = form_field("Comparison", choices={"is": "is", "is_not": "is not"}, default="is")
    page: PagePattern = form_field("Address", "Such as /deals or /deals/*.", default="")


class IfElement(Body):
    """An element of the page, there and seen or not."""

    title: ClassVar[str] = "Element"
    by: Literal["element"] = "element"
    op: Literal["is", "is_not"] = form_field("Comparison", choices={"is": "is on the page", "is_not": "is not on the page"}, default="is")
    element: Target = form_field("Element", default_factory=Target)


Condition = Annotated[IfAttribute | IfPage | IfElement, Field(discriminator="by")]
