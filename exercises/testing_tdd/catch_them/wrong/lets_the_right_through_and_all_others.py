# caught by: lets_the_right_through
# says: returns None each time
"""Tests that call, and look at nothing."""

from datetime import date


def test_it_runs(due):
    due(date(2026, 3, 2), 14, set())


def test_it_runs_with_closed_days(due):
    due(date(2026, 3, 2), 14, {date(2026, 3, 16)})
