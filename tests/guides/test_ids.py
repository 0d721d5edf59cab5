"""Identifiers: UUIDv7 for rows, short keys for items, secrets nobody can guess."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID, uuid4

import pytest

from guides.ids import day_of, item_key, public_key, secret, uuid7
from tests.fixtures.scenarios import ClockAt

MIDNIGHT = 1_772_323_200_000


def test_ids_made_later_sort_later() -> None:
    made = [uuid7(1_700_000_000_000 + number) for number in range(50)]
    assert sorted(made) == made
    assert sorted(map(str, made)) == [str(each) for each in made]


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = uuid7()
    assert (made.version, made.variant) == (7, UUID("018f0000-0000-7000-8000-000000000000").variant)


def test_ids_made_at_one_moment_differ() -> None:
    assert len({uuid7(5) for _ in range(1000)}) == 1000


def test_an_id_is_made_at_the_time_of_our_clock(clock_at: ClockAt) -> None:
    clock_at("2026-03-01T12:00:00.250Z")
    assert uuid7().int >> 80 == MIDNIGHT + 12 * 3_600_000 + 250


@pytest.mark.parametrize(
    ("milliseconds", "day"),
    [
        (MIDNIGHT - 1, date(2026, 2, 28)),
        (MIDNIGHT, date(2026, 3, 1)),
        (MIDNIGHT + 86_399_999, date(2026, 3, 1)),
        (MIDNIGHT + 86_400_000, date(2026, 3, 2)),
        (946_684_800_000, date(2000, 1, 1)),
    ],
)
def test_the_day_of_an_event_is_the_utc_day_inside_its_id(milliseconds: int, day: date) -> None:
    assert day_of(uuid7(milliseconds)) == day


@pytest.mark.parametrize("made", [uuid4(), UUID(int=0), UUID("018f0000-0000-7000-0000-000000000000"), uuid7(0), uuid7(2**48 - 1)])
def test_an_id_without_a_believable_day_is_refused(made: UUID) -> None:
    with pytest.raises(ValueError):
        day_of(made)


def test_keys_of_items_are_short_words() -> None:
    keys = {item_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"[a-z]{8}", key) for key in keys)


def test_secrets_are_long_and_say_what_they_are() -> None:
    assert len({secret("hr_sec_") for _ in range(20)} | {public_key() for _ in range(20)}) == 40
    assert re.fullmatch(r"hr_sec_[\w-]{43}", secret("hr_sec_"))
    assert re.fullmatch(r"hr_pub_[\w-]{22}", public_key())
