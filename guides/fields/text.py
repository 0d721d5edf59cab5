"""Strings of a Body by what they mean: text people read, technical text, keys, addresses."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from guides.kind import VisibleText
from guides.richtext.links import check_link
from guides.richtext.nodes import RichText, empty_rich_text, is_blank

__all__ = ["GuideRef", "ItemKey", "Link", "PagePattern", "Phrase", "RichText", "ShortText", "empty_rich_text", "is_blank"]


def check_storable(value: str) -> str:
    """The text unchanged; raises ValueError for the null character, which PostgreSQL cannot store."""
    if "\x00" in value:
        raise ValueError("holds a character that cannot be stored")
    return value


_LINE = StringConstraints(strip_whitespace=True, max_length=200)
_PAGE = StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^$|^/|^https?://|^\*")

ShortText = Annotated[str, _LINE, AfterValidator(check_storable)]
"""Technical text of up to 200 characters, never translated: an attribute's name, the text of an element."""
Phrase = Annotated[str, _LINE, AfterValidator(check_storable), VisibleText()]
"""Text of up to 200 characters that people read, such as a title or a button's label."""
ItemKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,40}$")]
"""The stable key of an item in a list; give it `default_factory=item_key`."""
PagePattern = Annotated[str, _PAGE, AfterValidator(check_storable)]
"""A page by its address, such as /deals/* or https://*.example.com/*; empty means every page."""
Link = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(check_link)]
"""An address that a browser may open: https, http, mailto, tel, /path or #part; empty means none yet."""
GuideRef = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}$|^$")]
"""The id of another guide of the project; empty means none yet."""
