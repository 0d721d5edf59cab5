"""The types a Body is made of: each is check, form field and TypeScript type at once (public API)."""

from guides.fields.actions import Action, Back, Close, Finish, Next, Open, Start
from guides.fields.conditions import EventRule, Rule, parse_rule
from guides.fields.fingerprint import Fingerprint
from guides.fields.form import form_field
from guides.fields.target import Target, TargetOptions
from guides.fields.text import (
    GuideRef,
    ItemKey,
    Link,
    PagePattern,
    Phrase,
    RichText,
    ShortText,
    empty_rich_text,
    is_blank,
)
from guides.ids import item_key

__all__ = [
    "Action",
    "Back",
    "Close",
    "EventRule",
    "Fingerprint",
    "Finish",
    "GuideRef",
    "ItemKey",
    "Link",
    "Next",
    "Open",
    "PagePattern",
    "Phrase",
    "RichText",
    "Rule",
    "ShortText",
    "Start",
    "Target",
    "TargetOptions",
    "empty_rich_text",
    "form_field",
    "is_blank",
    "item_key",
    "parse_rule",
]
