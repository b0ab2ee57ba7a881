"""The helper on an app of our own, and the learner's test on one app that is right and six that are not."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from functools import partial
from inspect import signature
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI

from course.check import Answer, Failure, check, expect, require

DUE = date(2026, 1, 10)
RUNNING = DUE + timedelta(days=2)  # what the clock of our apps says while nobody replaces it


def right(days: int) -> int:
    """Return the fine in cents, as the task says."""
    return min(500, 20 * max(0, days))


WRONG: dict[str, Callable[[int], int]] = {  # what each does wrong: its fine for a book so many days after the due day
    "charges 20 cents on the due day already": lambda days: 20 if days == 0 else right(days),
    "charges a negative sum for a book that comes early": lambda days: min(500, 20 * days),
    "charges nothing on the first day after the due day": lambda days: 0 if days == 1 else right(days),
    "charges 500 cents on the 24th day already": lambda days: 500 if days == 24 else right(days),
    "charges more than 500 cents on the 26th day": lambda days: 520 if days == 26 else right(days),
    "uses a clock of its own": lambda days: 40,
}


def make(rule: Callable[[int], int] = right) -> tuple[FastAPI, Callable[..., Any]]:
    """Return an app with this rule, and its clock."""
    app = FastAPI()

    async def get_day() -> date:
        return RUNNING

    @app.get("/fine")
    async def fine(due: date, day: Annotated[date, Depends(get_day)]) -> dict[str, int]:
        return {"cents": rule((day - due).days)}

    return app, get_day


def make_deep() -> tuple[FastAPI, Callable[..., Any]]:
    """Return an app whose route stands on the clock through another dependency, and the clock."""
    app = FastAPI()

    async def get_day() -> date:
        return RUNNING

    async def get_late(due: date, day: Annotated[date, Depends(get_day)]) -> int:
        return (day - due).days

    @app.get("/fine")
    async def fine(late: Annotated[int, Depends(get_late)]) -> dict[str, int]:
        return {"cents": right(late)}

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


async def ask(app: FastAPI, more: str = "") -> httpx.Response:
    """Ask for the fine of a book that was due on DUE; `more` goes into the query."""
    door = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
        return await api.get(f"/fine?due={DUE}{more}")


def expect_cents(reply: httpx.Response, cents: int, when: str, hint: int) -> None:
    """Expect this fine."""
    require(reply.status_code == 200, f"{when}, GET /fine?due={DUE} answers with status {reply.status_code}, not 200. "
            "Is the override something that FastAPI can call without arguments?", hint=hint)
    expect(reply.json(), {"cents": cents}, f"{when}, GET /fine?due={DUE} has the wrong answer", hint=hint)


@check("inside frozen the day stands still")
async def held_still(answer: Answer) -> None:
    app, clock = make()
    for days in (3, 10):
        with hold(answer, app, clock, days):
            for _ in range(2):
                expect_cents(await ask(app), 20 * days, f"Frozen {days} days after the due day", hint=1)
            for name in signature(app.dependency_overrides.get(clock, clock)).parameters:
                reply = await ask(app, f"&{name}=2030-01-01")
                require(reply.text == f'{{"cents":{20 * days}}}', f"Frozen {days} days after the due day, "
                        f"GET /fine?due={DUE}&{name}=2030-01-01 is not answered with {20 * days} cents: what your "
                        f"override takes, here `{name}`, FastAPI fills from the request, although it has a default",
                        hint=1)


@check("after the block the clock runs again", needs=held_still)
async def gone_afterwards(answer: Answer) -> None:
    app, clock = make()
    with hold(answer, app, clock, 3):
        pass
    expect(replaced(app), [], "After the block, app.dependency_overrides is not empty again", hint=2)
    expect_cents(await ask(app), 40, "After the block, with the app's clock two days after the due day", hint=2)


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


@check("what was replaced before stays replaced inside, and is put back as it was", needs=gone_afterwards)
async def put_back(answer: Answer) -> None:
    app, clock = make()
    app.dependency_overrides["another provider"] = "its double"
    inside: list[str] = []
    fines: list[httpx.Response] = []
    problem: Exception | None = None
    try:
        with hold(answer, app, clock, 3):
            inside = replaced(app)
            with hold(answer, app, clock, 10):
                fines.append(await ask(app))
            fines.append(await ask(app))
    except Exception as error:  # on the way out of a block: first say what the answers were
        problem = error
    if problem and len(fines) < 2:
        raise problem
    require("another provider" in inside,
            "Another provider had been replaced before the block, and inside it that replacement is gone", hint=2)
    expect_cents(fines[0], 200, "Two blocks, one inside the other: in the inner one, 10 days after the due day", hint=2)
    expect_cents(fines[1], 60, "Two blocks, one inside the other: after the inner one, still in the outer one, "
                 "3 days after the due day", hint=2)
    if problem:
        raise problem
    expect(replaced(app), ["another provider"],
           "Another provider had been replaced before the blocks; what is replaced after them differs", hint=2)


@check("a provider that no route stands on is refused with LookupError before the block runs, and no other is",
       needs=held_still)
def unknown_refused(answer: Answer) -> None:
    app, clock = make()
    entered, raised = False, "no error"
    try:
        with hold(answer, app, partial(clock), 3):
            entered = True
    except Exception as error:
        raised = "LookupError" if isinstance(error, LookupError) else type(error).__name__
    tried = "frozen(app, partial(clock), day), where no route stands on this wrapper,"
    require(raised != "no error", f"{tried} raises nothing; it must raise LookupError", hint=3)
    require(raised == "LookupError", f"{tried} raises {raised}; it must be LookupError", hint=3)
    require(not entered, f"{tried} lets the block run and raises LookupError only after it; it must refuse at once",
            hint=3)
    expect(replaced(app), [], "After the LookupError, app.dependency_overrides is not as before", hint=3)
    app, clock = make_deep()
    try:
        with hold(answer, app, clock, 3):
            pass
    except LookupError:
        raise Failure("frozen raises LookupError for a provider that a route stands on through another dependency",
                      hint=3) from None


@check("test_fine is content with an app that is right", needs=gone_afterwards)
async def test_passes(answer: Answer) -> None:
    app, clock = make()
    complaint = None
    try:
        await answer.test_fine(app, clock)
    except AssertionError as error:
        complaint = str(error)
    except LookupError as error:
        if type(error) is not LookupError:  # a KeyError, say, of what it does with the answer
            raise
        raise Failure("test_fine raises LookupError for an app whose clock is the second argument, `clock`. "
                      "Did it freeze that one?", hint=3) from None
    require(complaint is None, "test_fine raises AssertionError for an app that follows the rule, and whose clock is "
            f"the second argument. Did it freeze that one? The message of the error: {complaint!r}", hint=3)
    expect(replaced(app), [], "After test_fine, app.dependency_overrides is not empty", hint=3)


@check("test_fine finds each of six apps that are wrong", needs=test_passes)
async def test_finds(answer: Answer) -> None:
    for wrong, rule in WRONG.items():
        raised = "nothing"
        try:
            await answer.test_fine(*make(rule))
        except AssertionError:
            raised = "AssertionError"
        except Exception as error:
            raised = type(error).__name__
        require(raised != "nothing", f"test_fine is content with an app that {wrong}", hint=3)
        require(raised == "AssertionError", f"For an app that {wrong}, test_fine raises {raised}; it must be "
                "AssertionError, which `assert` raises", hint=3)
