"""The helper on an app of our own, and the learner's test on one app that is right and five that are not."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI

from course.check import Answer, check, expect, require

DUE = date(2026, 1, 10)
RUNNING = DUE + timedelta(days=2)  # what the clock of our apps says while nobody replaces it


def right(due: date, today: date) -> int:
    """Return the fine in cents, as the task says."""
    return min(500, 20 * max(0, (today - due).days))


WRONG = {  # what each does wrong: its rule
    "charges 20 cents on the due day already": lambda due, today: right(due, today + timedelta(days=1)),
    "charges a negative sum for a book that comes early": lambda due, today: min(500, 20 * (today - due).days),
    "charges more than 500 cents": lambda due, today: 20 * max(0, (today - due).days),
    "stops at 480 cents": lambda due, today: min(480, right(due, today)),
    "uses a clock of its own": lambda due, today: right(due, date(1999, 12, 31)),
}


def make(rule: Callable[[date, date], int] = right) -> tuple[FastAPI, Callable[..., Any]]:
    """Return an app with this rule, and its clock."""
    app = FastAPI()

    async def get_day() -> date:
        return RUNNING

    @app.get("/fine")
    async def fine(due: date, day: Annotated[date, Depends(get_day)]) -> dict[str, int]:
        return {"cents": rule(due, day)}

    return app, get_day


def hold(answer: Answer, app: FastAPI, provider: Callable[..., Any], days: int) -> AbstractContextManager[Any]:
    """Return `frozen(...)` for a day so many days after the due day, if it is a context manager."""
    block = answer.frozen(app, provider, DUE + timedelta(days=days))
    require(hasattr(block, "__enter__") and hasattr(block, "__exit__"),
            "frozen(app, clock, day) does not return what `with` can enter; is @contextmanager above it?", hint=1)
    return block


def replaced(app: FastAPI) -> list[str]:
    """Return the names of the providers that are replaced in `app` now."""
    return sorted(str(getattr(provider, "__name__", provider)) for provider in app.dependency_overrides)


async def expect_cents(app: FastAPI, cents: int, when: str, hint: int) -> None:
    """Expect the fine for a book that was due on DUE."""
    door = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
        reply = await api.get(f"/fine?due={DUE}")
    expect(reply.status_code, 200, f"{when}, GET /fine?due={DUE} has the wrong status", hint=hint)
    expect(reply.json(), {"cents": cents}, f"{when}, GET /fine?due={DUE} has the wrong answer", hint=hint)


@check("inside frozen the day stands still")
async def held_still(answer: Answer) -> None:
    app, clock = make()
    for days in (3, 10):
        with hold(answer, app, clock, days):
            for _ in range(2):
                await expect_cents(app, 20 * days, f"Frozen {days} days after the due day", hint=1)


@check("after the block the clock runs again", needs=held_still)
async def gone_afterwards(answer: Answer) -> None:
    app, clock = make()
    with hold(answer, app, clock, 3):
        pass
    expect(replaced(app), [], "After the block, app.dependency_overrides is not empty again", hint=2)
    await expect_cents(app, 40, "After the block, with the app's clock two days after the due day", hint=2)


@check("a block that raises gives the clock back too, and the error comes through", needs=gone_afterwards)
def gone_after_an_error(answer: Answer) -> None:
    app, clock = make()
    came_through = False
    try:
        with hold(answer, app, clock, 3):
            raise KeyError("in the middle of a test")
    except KeyError:
        came_through = True
    expect(replaced(app), [],
           "After a block that raised KeyError, app.dependency_overrides is not empty again", hint=2)
    require(came_through, "The block raised KeyError, and frozen kept it from coming out", hint=2)


@check("what was replaced before is put back as it was", needs=gone_afterwards)
async def put_back(answer: Answer) -> None:
    app, clock = make()
    app.dependency_overrides["another provider"] = "its double"
    with hold(answer, app, clock, 3):
        with hold(answer, app, clock, 10):
            await expect_cents(app, 200, "Frozen a second time, 10 days after the due day, inside a block of 3", hint=2)
        await expect_cents(app, 60, "Frozen 3 days after the due day, when a block inside has ended", hint=2)
    expect(replaced(app), ["another provider"],
           "Another provider had been replaced before the blocks; what is replaced after them differs", hint=2)


@check("a provider that no route stands on is refused with LookupError", needs=held_still)
def unknown_refused(answer: Answer) -> None:
    app, clock = make()
    refused = False
    try:
        with hold(answer, app, partial(clock), 3):
            pass
    except LookupError:
        refused = True
    require(refused, "frozen(app, partial(clock), day): no route stands on this wrapper, and no LookupError came",
            hint=3)
    expect(replaced(app), [], "After the LookupError, app.dependency_overrides is not as before", hint=3)


@check("test_fine is content with an app that is right", needs=gone_afterwards)
async def test_passes(answer: Answer) -> None:
    app, clock = make()
    complaint = await complaint_of(answer, app, clock)
    expect(complaint, None, "test_fine(app, clock) raises for an app that follows the rule", hint=3)
    expect(replaced(app), [], "After test_fine, app.dependency_overrides is not empty", hint=3)


@check("test_fine finds each of five apps that are wrong", needs=test_passes)
async def test_finds(answer: Answer) -> None:
    for wrong, rule in WRONG.items():
        complaint = await complaint_of(answer, *make(rule))
        require(complaint is not None, f"test_fine is content with an app that {wrong}", hint=3)


async def complaint_of(answer: Answer, app: FastAPI, clock: Callable[..., Any]) -> str | None:
    """Run the learner's test and return its AssertionError, if there is one."""
    try:
        await answer.test_fine(app, clock)
    except AssertionError as error:
        return f"AssertionError: {error}"
    return None
