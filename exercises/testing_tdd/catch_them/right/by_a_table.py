# One test with a table, and one for each limit.
"""Tests by a table."""

from datetime import date, timedelta

MONDAY = date(2026, 3, 2)


def on(day):
    """Return a day of March 2026."""
    return date(2026, 2, 28) + timedelta(day)


def test_the_table(due):
    for days, closed, want in ((1, (), 3), (14, (), 16), (5, (), 7), (6, (), 9), (6, (9,), 10), (5, (7,), 9),
                               (14, (16, 17), 18), (14, (4, 5), 16), (60, (), 62)):
        days_off = {on(day) for day in closed}
        kept = frozenset(days_off)
        assert (due(MONDAY, days, days_off), days_off) == (on(want), kept), (days, closed)


def refuses(due, days):
    """Say whether it does."""
    try:
        return due(MONDAY, days, set()) is NotImplemented
    except ValueError:
        return True


def test_the_limits(due):
    assert [refuses(due, days) for days in (0, 1, 60, 61)] == [True, False, False, True]
