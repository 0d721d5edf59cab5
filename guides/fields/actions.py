"""Actions: what a button of a guide does."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from guides.fields.form import form_field
from guides.fields.text import GuideRef, Link
from guides.kind import Body


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
    url: Link = form_field("Address", default="")
    new_tab: bool = form_field("In a new tab", default=False)


class Start(Body):
    """Start another guide."""

    title: ClassVar[str] = "Start another guide"
    do: Literal["start"] = "start"
    guide: GuideRef = form_field("Guide", default="")


Action = Annotated[Next | Back | Finish | Close | Open | Start, Field(discriminator="do")]
