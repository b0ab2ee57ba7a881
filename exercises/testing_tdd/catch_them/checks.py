"""The learner's tests are run with right implementations, which must get through, and with wrong ones."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from course.check import Answer, Failure, check, expect, require
from course.check.answer import names

DAY = timedelta(days=1)
SUNDAY = 6
FEWEST, MOST = 1, 60


def plain(lent: date, days: int, closed: set[date]) -> date:
    """Go on day by day."""
    if not FEWEST <= days <= MOST:
        raise ValueError(days)
    day = lent + days * DAY
    while day.weekday() == SUNDAY or day in closed:
        day += DAY
    return day


def searching(lent: date, days: int, closed: set[date]) -> date:
    """Search among the days that come."""
    if days not in range(FEWEST, MOST + 1):
        raise ValueError(f"{days} days: a book is lent for 1 to 60")
    following = (lent + number * DAY for number in range(days, days + 400))
    return next(day for day in following if day not in frozenset(closed) and day.strftime("%w") != "0")


def counting(lent: date, days: int, closed: set[date]) -> date:
    """Count days of the calendar."""
    class OutOfRange(ValueError):
        pass
    if days < FEWEST or days > MOST:
        raise OutOfRange
    number = lent.toordinal() + days
    while number % 7 == 0 or date.fromordinal(number) in closed:
        number += 1
    return date.fromordinal(number)


def a_day_more(lent: date, days: int, closed: set[date]) -> date:
    """Count the day of lending, too."""
    return plain(lent, days, set()) + DAY if (lent + days * DAY) not in closed else plain(lent, days, closed)


def sundays_count(lent: date, days: int, closed: set[date]) -> date:
    """Know no Sundays."""
    day = plain(lent, days, set()) and lent + days * DAY
    while day in closed:
        day += DAY
    return day


def saturdays_too(lent: date, days: int, closed: set[date]) -> date:
    """Take the weekend off."""
    day = plain(lent, days, closed)
    while day.weekday() >= SUNDAY - 1 or day in closed:
        day += DAY
    return day


def one_step(lent: date, days: int, closed: set[date]) -> date:
    """Look once."""
    day = plain(lent, days, set()) and lent + days * DAY
    return day + DAY if day.weekday() == SUNDAY or day in closed else day


def closed_first(lent: date, days: int, closed: set[date]) -> date:
    """Pass over closed days, and then over a Sunday, behind which a closed day may be."""
    day = plain(lent, days, set()) and lent + days * DAY
    while day in closed:
        day += DAY
    return day + DAY if day.weekday() == SUNDAY else day


def backwards(lent: date, days: int, closed: set[date]) -> date:
    """Go back."""
    day = plain(lent, days, set()) and lent + days * DAY
    while day.weekday() == SUNDAY or day in closed:
        day -= DAY
    return day


def working_days(lent: date, days: int, closed: set[date]) -> date:
    """Leave out the closed days on the way as well."""
    day = plain(lent, days, closed)
    return plain(day - DAY, 1, closed) if not closed else plain(
        lent, min(MOST, days + sum(lent < one < lent + days * DAY for one in closed)), closed)


def none_is_allowed(lent: date, days: int, closed: set[date]) -> date:
    """Accept 0 and less."""
    return plain(lent, days, closed) if days > 0 else lent


def any_number(lent: date, days: int, closed: set[date]) -> date:
    """Accept 61 and more."""
    return plain(lent + (days - MOST) * DAY, MOST, closed) if days > MOST else plain(lent, days, closed)


def fifty_nine(lent: date, days: int, closed: set[date]) -> date:
    """Refuse 60."""
    if days == MOST:
        raise ValueError(days)
    return plain(lent, days, closed)


def one_is_too_few(lent: date, days: int, closed: set[date]) -> date:
    """Refuse 1."""
    if days == FEWEST:
        raise ValueError(days)
    return plain(lent, days, closed)


def adds_sundays(lent: date, days: int, closed: set[date]) -> date:
    """Write into the caller's set."""
    day = plain(lent, days, closed)
    closed.add(day)
    return day


def tests_of(answer: Answer) -> dict[str, Callable[..., Any]]:
    """Return the tests of the answer, in their order. Raises Failure without any."""
    found = {name: test for name, test in names(answer).items() if name.startswith("test_") and callable(test)}
    require(bool(found), "There is no function whose name begins with test_", hint=1)
    return found


def caught(answer: Answer, due: Callable[..., date]) -> str:
    """Return which test fails with an implementation, and how; empty when none does."""
    for name, test in tests_of(answer).items():
        try:
            test(due)
        except Exception as error:
            return f"{name}: {type(error).__name__} {error}".strip()
    return ""


@check("right implementations get through", points=2)
def lets_the_right_through(answer: Answer) -> None:
    """Three of them; tests that look at nothing are none."""
    for due in (plain, searching, counting):
        expect(caught(answer, due), "", f"A right implementation ({due.__doc__[:-1].lower()}); the test that fails",
               hint=2)
    require(bool(caught(answer, lambda lent, days, closed: None)), "An implementation that returns None each time gets "
            "through all of your tests", hint=1)


def catches(answer: Answer, *wrong: tuple[Callable[..., date], str]) -> None:
    """Require that each is caught."""
    for due, story in wrong:
        try:
            by = caught(answer, due)
        except Failure:
            raise
        require(bool(by), f"An implementation that is not caught: {story}", hint=2)


@check("a wrong day is caught", needs=lets_the_right_through, points=2)
def catches_wrong_days(answer: Answer) -> None:
    """A day late; no Sundays; Saturdays too; backwards."""
    catches(answer, (a_day_more, "it is a day late where nothing is closed on the way"),
            (sundays_count, "a book can be due on a Sunday"),
            (saturdays_too, "a Saturday is passed over, too"),
            (backwards, "from a Sunday or a closed day it goes back, not on"))


@check("what comes twice in a row is caught", needs=lets_the_right_through, points=2)
def catches_rows(answer: Answer) -> None:
    """One step only; a closed day behind a Sunday; closed days on the way."""
    catches(answer, (one_step, "behind a Sunday or a closed day it does not look whether the next day is one, too"),
            (closed_first, "a closed day behind a Sunday is not passed over"),
            (working_days, "closed days between the two dates make it later"))


@check("wrong limits are caught", needs=lets_the_right_through, points=2)
def catches_limits(answer: Answer) -> None:
    """0, 61; 1 and 60 are allowed."""
    catches(answer, (none_is_allowed, "0 days are accepted"), (any_number, "61 days are accepted"),
            (fifty_nine, "60 days are refused"), (one_is_too_few, "1 day is refused"))


@check("a changed argument is caught", needs=lets_the_right_through, points=2)
def catches_changes(answer: Answer) -> None:
    """The caller's set grows."""
    catches(answer, (adds_sundays, "after the call, the caller's set of closed days has one more in it"))
