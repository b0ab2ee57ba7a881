# caught by: lets_the_right_through
# says: the test that fails
"""Tests for `due`, one for each thing that can go wrong."""

from collections.abc import Callable
from datetime import date

Due = Callable[[date, int, set[date]], date]
MONDAY = date(2026, 3, 2)


def test_it_is_due_so_many_days_later(due: Due) -> None:
    assert due(MONDAY, 14, set()) == date(2026, 3, 16)


def test_a_saturday_is_a_day_like_others(due: Due) -> None:
    assert due(MONDAY, 5, set()) == date(2026, 3, 7)


def test_no_book_is_due_on_a_sunday(due: Due) -> None:
    assert due(MONDAY, 6, set()) == date(2026, 3, 8)


def test_no_book_is_due_on_a_closed_day(due: Due) -> None:
    assert due(MONDAY, 14, {date(2026, 3, 16)}) == date(2026, 3, 17)


def test_a_closed_day_behind_a_sunday_is_passed_over_too(due: Due) -> None:
    assert due(MONDAY, 6, {date(2026, 3, 9)}) == date(2026, 3, 10)


def test_a_sunday_behind_a_closed_day_is_passed_over_too(due: Due) -> None:
    assert due(MONDAY, 5, {date(2026, 3, 7)}) == date(2026, 3, 9)


def test_closed_days_on_the_way_do_not_count(due: Due) -> None:
    assert due(MONDAY, 14, {date(2026, 3, 4), date(2026, 3, 5)}) == date(2026, 3, 16)


def test_the_shortest_and_the_longest_are_allowed(due: Due) -> None:
    assert due(MONDAY, 1, set()) == date(2026, 3, 3)
    assert due(MONDAY, 60, set()) == date(2026, 5, 1)


def test_less_than_a_day_and_more_than_sixty_are_refused(due: Due) -> None:
    for days in (-1, 0, 61):
        try:
            due(MONDAY, days, set())
        except ValueError:
            continue
        raise AssertionError(f"{days} days are accepted")


def test_the_set_of_closed_days_stays_as_it_is(due: Due) -> None:
    closed = {date(2026, 3, 16)}
    due(MONDAY, 14, closed)
    assert closed == {date(2026, 3, 16)}
