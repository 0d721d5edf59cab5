"""The types bodies are made of: each is validation, form field and TypeScript type at once (public API)."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, field_validator

from guides.fields.fingerprint import Print, clean
from guides.ids import item_key
from guides.kind import Body
from guides.messages import gettext_noop
from guides.richtext.render import Doc, check_link, is_blank
from guides.richtext.render import empty as empty_text

__all__ = [
    "Action",
    "Back",
    "Close",
    "Condition",
    "Finish",
    "GuideRef",
    "Key",
    "Line",
    "Link",
    "Next",
    "Open",
    "Page",
    "Print",
    "Refine",
    "Start",
    "Target",
    "Text",
    "ask",
    "empty_text",
    "is_blank",
    "item_key",
]

_FORM_WORDS = ("choices", "icons", "section", "when", "count", "after", "advanced")


def ask(label: str, hint: str = "", **more: Any) -> Any:
    """A field with what the form says beside it; more is whatever pydantic's Field takes, or a word of the form.

    `choices` and `icons` label a choice, `section` gathers fields under a heading, `when` shows the field only while each
    neighbour it names has one of some values ("true" for a switch that is on), `count` is a length to aim at, `after` a
    unit, `advanced` folds the field away.
    """
    form = {word: more.pop(word) for word in _FORM_WORDS if word in more}
    return Field(title=label, json_schema_extra={"form": {"hint": hint, **form}}, **more)


def _is_nothing(value: object) -> bool:
    return value is None


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(clean)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
Page = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^$|^/|^https?://|^\*"), AfterValidator(clean)]
Link = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(check_link)]
GuideRef = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$|^$")]
Text = Doc


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


class Refine(Body):
    """What the author says about finding an element beyond how it was picked."""

    text: Literal["exact", "contains", "ignore"] = ask(
        "Its text", choices={"exact": "Is exactly this", "contains": "Contains this", "ignore": "Does not matter"}, default="exact"
    )
    row: Line = ask("In the row with", "Words in the row of a table or the entry of a list.", default="")
    nth: Annotated[int, Field(ge=0, le=1000)] = ask("Which of several", "1 is the first; 0 leaves it open.", default=0)
    strict: Literal["loose", "usual", "strict"] = ask(
        "How sure it must be", choices={"loose": "Loose", "usual": "As usual", "strict": "Strict"}, default="usual"
    )


class Target(Body):
    """Which element of the host page is meant."""

    title: ClassVar[str] = "Element"
    by: Literal["name", "css", "text", "picked"] = ask(
        "Find it by",
        choices={"name": "Name", "text": "Its text", "css": "CSS selector", "picked": "Picked on the page"},
        default="name",
    )
    value: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000), AfterValidator(clean)] = ask("Element", default="")
    label: Line = ask("What you call it", default="")
    print: Print | None = Field(default=None, validate_default=True, exclude_if=_is_nothing)
    refine: Refine | None = ask("More about finding it", default=None, advanced=True, exclude_if=_is_nothing)

    @field_validator("print")
    @classmethod
    def _is_of_picking(cls, value: Print | None, known: ValidationInfo) -> Print | None:
        if known.data.get("by") == "picked" and value is None:
            raise ValueError(gettext_noop("pick the element on your page again"))
        return value

    @field_validator("refine")
    @classmethod
    def _says_something(cls, value: Refine | None) -> Refine | None:
        return None if value == Refine() else value


ONLY = "only"


class IfAttribute(Body):
    """Of the person, or of their company."""

    title: ClassVar[str] = "Attribute"
    by: Literal["attribute"] = "attribute"
    of: Literal["person", "company"] = ask("Of whom", choices={"person": "Person", "company": "Company"}, default="person")
    name: Line = ask("Attribute", default="")
    op: Literal[
        "is", "is_not", "contains", "contains_not", "starts_with", "in", "not_in", "is_set", "is_not_set", "greater", "less",
        "before", "after", "older_than_days", "newer_than_days",
    ] = ask("Comparison", choices=_COMPARED, default="is")  # fmt: skip
    value: Line = ask("Value", "Several are written with commas between them.", when={"op": _WITH_VALUE}, default="")


class IfPage(Body):
    """The address of the page."""

    title: ClassVar[str] = "Page"
    by: Literal["page"] = "page"
    op: Literal["is", "is_not"] = ask("Comparison", choices={"is": "is", "is_not": "is not"}, default="is")
    page: Page = ask("Address", "Such as /deals or /deals/*.", default="")


class IfElement(Body):
    """An element of the page, there and seen or not."""

    title: ClassVar[str] = "Element"
    by: Literal["element"] = "element"
    op: Literal["is", "is_not"] = ask("Comparison", choices={"is": "is on the page", "is_not": "is not on the page"}, default="is")
    element: Target = ask("Element", default_factory=Target)


Condition = Annotated[IfAttribute | IfPage | IfElement, Field(discriminator="by")]


class Next(Body):
    """Go to the next item."""

    title: ClassVar[str] = "Next step"
    do: Literal["next"] = "next"


class Back(Body):
    """Go to the item before."""

    title: ClassVar[str] = "Previous step"
    do: Literal["back"] = "back"


class Finish(Body):
    """End the guide as finished."""

    title: ClassVar[str] = "Finish"
    do: Literal["finish"] = "finish"


class Close(Body):
    """End the guide as closed early."""

    title: ClassVar[str] = "Close"
    do: Literal["close"] = "close"


class Open(Body):
    """Open an address."""

    title: ClassVar[str] = "Open a link"
    do: Literal["open"] = "open"
    url: Link = ask("Address", default="")
    new_tab: bool = ask("In a new tab", default=False)


class Start(Body):
    """Start another guide."""

    title: ClassVar[str] = "Start another guide"
    do: Literal["start"] = "start"
    guide: GuideRef = ask("Guide", default="")


Action = Annotated[Next | Back | Finish | Close | Open | Start, Field(discriminator="do")]
