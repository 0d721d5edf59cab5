"""Translates the admin's messages, numbers and dates; the locale of a request is in a context variable."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from markupsafe import escape

from guides import clock
from guides.messages import Message
from guides.messages import gettext_noop as gettext_noop
from guides.registry import folder_of, kinds

LOCALES = {"en": "English", "ar": "العربية", "ro": "Română", "fil": "Filipino"}
_FOLDER = Path(__file__).parent / "locales"
_locale: ContextVar[str] = ContextVar("locale", default="en")
_DAY = 86_400


def activate(locale: str) -> None:
    """Set the locale of this request; an unknown one becomes English."""
    _locale.set(locale if locale in LOCALES else "en")


def get_locale() -> str:
    """The language of this request."""
    return _locale.get()


def text_direction() -> str:
    """Which way its text runs: ltr or rtl."""
    return str(Locale.parse(get_locale()).text_direction)


def negotiate(accepted: str) -> str:
    """The first shipped language of an Accept-Language header, by its weights; else English."""
    for wanted in sorted(_weighted(accepted), reverse=True):
        tag = wanted[2].split("-")[0].lower()
        tag = "fil" if tag == "tl" else tag
        if wanted[0] > 0 and tag in LOCALES:
            return tag
    return "en"


def gettext(message: str) -> str:
    """The message in the language of the request."""
    if isinstance(message, Message):
        return gettext(message.template) % message.values
    return str(_catalog(get_locale()).ugettext(message)) if message else ""


def gettext_html(message: str, **values: object) -> str:
    """The message as templates show it: text, whoever wrote it; values are put in where there are any, and are text too."""
    text = gettext(message)
    return escape(text) % values if values else escape(text.replace("%%", "%"))


def ngettext(singular: str, plural: str, number: int) -> str:
    """The message for a number of things."""
    return str(_catalog(get_locale()).ungettext(singular, plural, number))


def pgettext(context: str, message: str) -> str:
    """The message where one word means two things."""
    return str(_catalog(get_locale()).upgettext(context, message))


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    """The message for a number of things where one word means two things."""
    return str(_catalog(get_locale()).unpgettext(context, singular, plural, number))


def number(value: float) -> str:
    """A number as people of this language write it."""
    return format_decimal(value, locale=get_locale())


def time_ago(moment: datetime | None) -> str:
    """How long ago, up to a day; then the date."""
    if moment is None:
        return gettext("never")
    gone = moment - clock.now()
    if abs(gone.total_seconds()) < 60:
        return gettext("just now")
    if abs(gone.total_seconds()) < _DAY:
        return format_timedelta(gone, add_direction=True, locale=get_locale())
    return format_date(moment, "d MMM y" if moment.year != clock.now().year else "d MMM", locale=get_locale())


def date_and_time(moment: datetime) -> str:
    """Day and time, said in full."""
    return format_datetime(moment, "d MMM y, HH:mm", locale=get_locale())


@cache
def _catalog(locale: str) -> Translations:
    """Our messages, and what kinds from elsewhere say beyond them."""
    catalog = _read(_FOLDER / locale / "LC_MESSAGES" / "messages.po", locale)
    for kind in kinds().values():
        for message in _read(folder_of(kind) / "locales" / f"{locale}.po", locale):
            if message.id not in catalog:
                catalog[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


def _read(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def _weighted(accepted: str) -> Iterable[tuple[float, int, str]]:
    for index, part in enumerate(accepted[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            yield (float(weight) if weight else 1.0, -index, tag)
        except ValueError:
            continue
