"""What `checks.py` of an exercise is written with: `@check`, `expect`, `require`, `expect_raises`."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.check.compare import difference, shown

SEEN_AT_ONCE = 60  # characters: in longer values a reader is told where they differ
SECONDS = 5.0  # for one check, unless it asks for more
_counted = 0


class Failure(Exception):
    """The answer is wrong; `message` says what was tried, in words for a learner."""

    def __init__(self, message: str, *, expected: str | None = None, actual: str | None = None,
                 hint: int | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.expected, self.actual, self.hint, self.line = message, expected, actual, hint, line


@dataclass(frozen=True)
class Check:
    """One thing that must hold: a function that is given the answer, and then the resources that its parameters name.

    `needs` must pass before it; `timeout` is in seconds; a plain function or an `async def`.
    """

    function: Callable[..., Any]
    title: str
    needs: "Check | None" = None
    points: int = 1
    timeout: float = SECONDS

    @property
    def id(self) -> str:
        """The function's name, which a wrong answer names."""
        return self.function.__name__

    @property
    def resources(self) -> tuple[str, ...]:
        """What the caller must hand in, such as `database`."""
        return tuple(inspect.signature(self.function).parameters)[1:]


def check(title: str, *, needs: Check | None = None, points: int = 1,
          timeout: float = SECONDS) -> Callable[[Callable[..., Any]], Check]:
    """Make a function of `checks.py` a check; `title` completes "The answer is right when ..."."""
    def decorate(function: Callable[..., Any]) -> Check:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"the check {function.__name__} has a `yield`, so its body would never run: take it out")
        if not inspect.signature(function).parameters:
            raise TypeError(f"the check {function.__name__} takes nothing: its first parameter is the answer")
        return Check(function, title, needs, points, timeout)
    return decorate


def expect(got: Any, want: Any, tried: str, *, hint: int | None = None) -> None:
    """Fail unless `got` is `want`, of the same type in every part; `tried` is a sentence that says what was done.

    `hint` is the number of the hint to point at. What came and what was expected is shown beneath the sentence.
    """
    _count()
    if (where := difference(got, want)) is None:
        return
    expected, actual = shown(want), shown(got)
    seen = expected != actual and max(len(expected), len(actual)) <= SEEN_AT_ONCE
    raise Failure(tried if seen else f"{tried} ({where})", expected=expected, actual=actual, hint=hint)


def require(holds: bool, message: str, *, hint: int | None = None) -> None:
    """Fail with `message` unless `holds` is `True` itself: no object of an answer can pose as it."""
    _count()
    if holds is not True:
        raise Failure(message, hint=hint)


def expect_raises(kind: type[BaseException], call: Callable[[], Any], tried: str, *,
                  hint: int | None = None) -> BaseException:
    """Fail unless `call()` raises `kind` (or a class derived from it); return what it raised.

    For coroutines use `try` and `require`.
    """
    _count()
    try:
        value = call()
    except kind as error:
        return error
    except Failure:  # of a check within `call`, which says what it found
        raise
    except Exception as error:
        raise Failure(tried, expected=f"{kind.__name__} is raised", hint=hint,
                      actual=f"{type(error).__name__}: {error} is raised") from error
    raise Failure(tried, expected=f"{kind.__name__} is raised", actual=f"{shown(value)} is returned", hint=hint)


def comparisons() -> int:
    """How often this process has compared something: a check that compares nothing does not pass."""
    return _counted


def _count() -> None:
    global _counted
    _counted += 1
