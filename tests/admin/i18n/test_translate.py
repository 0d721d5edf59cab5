"""The languages of the admin."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx2
import pytest
from babel.messages.pofile import read_po

from admin.i18n import extract_kinds as words
from admin.i18n import translate as i18n
from admin.pages.manual import chapters
from guides import clock
from guides.messages import Message, validation_message

LOCALES = Path(i18n.__file__).parent / "locales"
FIELDS = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize("locale", ["ar", "ro", "fil"])
def test_a_translation_keeps_what_is_filled_in(locale: str) -> None:
    with (LOCALES / locale / "LC_MESSAGES" / "messages.po").open("rb") as source:
        catalog = read_po(source, locale=locale)
    for message in catalog:
        if isinstance(message.id, str) and message.id and message.string:
            assert set(FIELDS.findall(str(message.string))) == set(FIELDS.findall(message.id)), message.id
        assert not message.fuzzy


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("ro-RO,ro;q=0.9,en;q=0.8", "ro"),
        ("de,ar;q=0.5,en;q=0.4", "ar"),
        ("tl", "fil"),
        ("fil-PH", "fil"),
        ("de", "en"),
        ("ar;q=0,en", "en"),
        ("ar;q=x", "en"),
        ("", "en"),
        (",;q=,;", "en"),
    ],
)
def test_the_browsers_language_is_spoken_when_we_know_it(accepted: str, spoken: str) -> None:
    assert i18n.negotiate(accepted) == spoken


async def test_requests_at_once_each_speak_their_own_language() -> None:
    async def say(locale: str) -> str:
        i18n.activate(locale)
        await asyncio.sleep(0)
        return i18n.gettext("Settings")

    assert await asyncio.gather(*(say(locale) for locale in ("en", "ro", "ar", "xx"))) == ["Settings", "Setări", "الإعدادات", "Settings"]


async def test_the_pages_are_shown_in_the_members_language(as_owner: httpx2.AsyncClient) -> None:
    for locale in i18n.LOCALES:
        await as_owner.post("/admin/account/profile", data={"name": "Nadia", "locale": locale, "scheme": "auto"})
        page = (await as_owner.get("/admin/account")).text
        assert f'<html lang="{locale}" dir="{"rtl" if locale == "ar" else "ltr"}"' in page
        assert "Signs out your other browsers." not in page or locale == "en"


async def test_what_the_domain_refuses_is_said_in_the_language(as_owner: httpx2.AsyncClient) -> None:
    await as_owner.post("/admin/account/profile", data={"name": "Nadia", "locale": "ro", "scheme": "auto"})
    answer = await as_owner.post("/admin/account/profile", data={"name": "", "locale": "ro", "scheme": "auto"})
    assert "Scrieți-vă numele." in answer.text


def test_a_kind_from_elsewhere_brings_words_of_its_own_and_changes_none_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales/ar.po").write_text('msgid "Survey"\nmsgstr "استبيان"\n\nmsgid "Settings"\nmsgstr "?"\n', encoding="utf-8")
    monkeypatch.setattr(i18n, "kinds", lambda: {"survey": object()})
    monkeypatch.setattr(i18n, "folder_of", lambda kind: tmp_path)
    i18n._catalog.cache_clear()
    try:
        i18n.activate("ar")
        assert (i18n.gettext("Survey"), i18n.gettext("Settings")) == ("استبيان", "الإعدادات")
        i18n.activate("ro")
        assert i18n.gettext("Survey") == "Survey"
    finally:
        i18n._catalog.cache_clear()
        i18n.activate("en")


def test_times_are_said_as_how_long_ago_for_a_day() -> None:
    i18n.activate("en")
    now = clock.now()
    assert i18n.time_ago(None) == "never"
    assert i18n.time_ago(now) == "just now"
    assert i18n.time_ago(now - timedelta(minutes=4)) == "4 minutes ago"
    assert re.fullmatch(r"\d+ \w{3}( \d{4})?", i18n.time_ago(now - timedelta(days=3)))


def test_an_empty_message_stays_empty() -> None:
    i18n.activate("ro")
    assert i18n.gettext("") == ""


def test_the_manual_has_its_first_pages() -> None:
    assert list(chapters())[:4] == ["what-a-project-is", "install", "write-a-tour", "who-sees-it"]
    for chapter in chapters().values():
        assert chapter.title != chapter.name
        assert "<script" not in chapter.html


def test_what_a_kind_says_is_found_for_translation() -> None:
    field = b'text: str = form_field("Say", "A hint.", choices={"a": "Loud"}, section="Where", default="")'
    source = b"class Hop(Body):\n    " + field + b'\nslug, label = "hop", "Hop"\nTargetFoundRate("Finding", "shown", "missed", ())\n'
    source += b'Template("short", "Two steps", "For one page.", body)\n'
    found = {text for _line, _call, text, _notes in words.extract(BytesIO(source), [], [], {})}
    assert found == {"Hop", "Say", "A hint.", "Loud", "Where", "Finding", "Two steps", "For one page."}


async def test_a_problem_with_a_number_in_it_is_said_in_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Whispered:
        """Says everything in its own way."""

        def ugettext(self, message: str) -> str:
            return f"({message})"

    monkeypatch.setattr(i18n, "_catalog", lambda _locale: Whispered())
    said = validation_message("greater_than_equal", {"ge": 1}, "")
    assert said == "at least 1" and i18n.gettext(said) == "(at least 1)"
    assert i18n.gettext(Message("up to %(most)s of them", most=4)) == "(up to 4 of them)"
