"""Charts: geometry in attributes, whatever the numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from admin.components import charts


@given(st.integers(0, 10**9))
def test_the_top_of_a_chart_is_a_round_number_above_the_highest(most: int) -> None:
    top = charts.ceiling(most)
    assert most <= top <= max(4, 2 * most)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=90))
def test_any_days_can_be_drawn_without_a_style(days: list[int]) -> None:
    drawn = charts.lines([days, days], charts.sparse([str(day) for day in range(len(days))]), 'a "label" <b>')
    assert "style=" not in drawn and "nan" not in drawn and "<b>" not in drawn
    assert "style=" not in charts.spark(days, "seen")


def test_first_and_last_day_are_named() -> None:
    names = charts.sparse([str(day) for day in range(28)])
    assert (names[0], names[-1]) == ("0", "27") and sum(map(bool, names)) <= 7
