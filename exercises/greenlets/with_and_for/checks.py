"""Reports run over the bridge, with managers and sources that write down what happens to them."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from types import TracebackType
from typing import Any

from course.check import Answer, Failure, check, expect, require

PATIENCE = 5.0  # seconds until a report counts as stuck; a right one needs a moment


class Branch:
    """An async context manager: gives "open", notes how it is left, and may deal with an exception or raise another."""

    def __init__(self, events: list[str], *, deals: bool = False, raises: BaseException | None = None,
                 closed: bool = False) -> None:
        self.events, self.deals, self.raises, self.closed = events, deals, raises, closed

    async def __aenter__(self) -> str:
        await asyncio.sleep(0)
        if self.closed:
            raise ConnectionError("closed today")
        self.events.append("enters")
        return "open"

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None,
                        trace: TracebackType | None) -> bool:
        await asyncio.sleep(0)
        whole = isinstance(error, kind) and trace is not None if kind else error is None and trace is None
        self.events.append(f"leaves, told {kind.__name__ if kind else None}{'' if whole else ' and not the rest'}")
        if self.raises is not None:
            raise self.raises
        return self.deals


class Rows:
    """What `async for` takes, without any `aclose`."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __aiter__(self) -> "Rows":
        return self

    async def __anext__(self) -> int:
        if not self.left:
            raise StopAsyncIteration
        await asyncio.sleep(0)
        self.left -= 1
        return self.left


class Titles:
    """What `async for` takes, and no iterator itself."""

    def __init__(self, events: list[str]) -> None:
        self.events = events

    def __aiter__(self) -> AsyncIterator[str]:
        return titles(self.events)


async def titles(events: list[str], error: type[BaseException] | None = None) -> AsyncIterator[str]:
    """Give three titles, then raise or end; note what is asked, and the end."""
    try:
        for title in ("Dune", "Emma", "Walden"):
            events.append(f"asked for {title}")
            await asyncio.sleep(0)
            yield title
        if error:
            raise error("the branch has closed")
    finally:
        await asyncio.sleep(0)
        events.append("closed")


def run(answer: Answer, story: str, report: Callable[[], Any], hint: int) -> Any:
    """Run a report over the bridge; return what it returns. Raises Failure when it raises, or takes too long."""
    async def main() -> Any:
        async with asyncio.timeout(PATIENCE):
            return await answer.greenlet_spawn(report)
    try:
        return asyncio.run(main())
    except Failure:
        raise
    except TimeoutError:
        raise Failure(f"{story}: {PATIENCE:g} seconds later the report has not ended.", hint=hint) from None
    except BaseException as error:
        raise Failure(f"{story}: {type(error).__name__} comes out of the report: {error}", hint=hint) from error


def within(answer: Answer, events: list[str], manager: Any, error: type[BaseException] | None = None) -> None:
    """Enter a manager, raise in the block or not, and note what comes out."""
    try:
        with answer.using(manager) as value:
            events.append(f"in the block, with {value!r}")
            if error:
                raise error("no such book")
    except Exception as out:
        events.append(f"{type(out).__name__} comes out")
    else:
        events.append("goes on behind the block")


@check("`using` enters and leaves, as `async with` does")
def enters_and_leaves(answer: Answer) -> None:
    """Nothing is raised; twice in one another."""
    events: list[str] = []
    story = "A report with `with using(branch) as value:`, in which nothing is raised"
    run(answer, story, lambda: within(answer, events, Branch(events)), 1)
    want = ["enters", "in the block, with 'open'", "leaves, told None", "goes on behind the block"]
    expect(events, want, story, hint=1)
    events.clear()
    story = "A report with `using(branch)`, and the branch raises ConnectionError at the entry"
    run(answer, story, lambda: within(answer, events, Branch(events, closed=True)), 1)
    expect(events, ["ConnectionError comes out"], story, hint=1)
    events.clear()

    def nested() -> None:
        with answer.using(Branch(events)), answer.using(Branch(events)):
            events.append("in both")
    story = "Two branches in one `with`"
    run(answer, story, nested, 1)
    expect(events, ["enters", "enters", "in both", "leaves, told None", "leaves, told None"], story, hint=1)


@check("an exception of the block goes through the manager", needs=enters_and_leaves)
def tells_the_exception(answer: Answer) -> None:
    """The manager lets it go, deals with it, raises another."""
    for manager, out in (({}, "LookupError comes out"), ({"deals": True}, "goes on behind the block"),
                         ({"raises": ConnectionError()}, "ConnectionError comes out")):
        events: list[str] = []
        story = f"LookupError is raised in the block of `using`; the manager {says(manager)}"
        run(answer, story, lambda events=events, manager=manager: within(
            answer, events, Branch(events, **manager), LookupError), 2)
        expect(events, ["enters", "in the block, with 'open'", "leaves, told LookupError", out], story, hint=2)


def says(manager: dict[str, Any]) -> str:
    """Say what a manager does at its end."""
    if manager.get("raises"):
        return "raises ConnectionError instead"
    return "returns True: it has dealt with it" if manager.get("deals") else "returns False"


@check("a limit and a cancellation go through it too", needs=tells_the_exception, points=2)
def ends_in_time(answer: Answer) -> None:
    """asyncio.timeout around a wait without an end; then the report's task is cancelled."""
    events: list[str] = []

    def limited() -> str:
        try:
            with answer.using(asyncio.timeout(0.05)), answer.using(Branch(events)):
                answer.await_only(asyncio.sleep(3600))
        except TimeoutError:
            events.append("TimeoutError")
        answer.await_only(asyncio.sleep(0))
        return "goes on"
    story = "A report waits for an hour, in `with using(asyncio.timeout(0.05)), using(branch):`"
    got = run(answer, story, limited, 2)
    expect((events, got), (["enters", "leaves, told CancelledError", "TimeoutError"], "goes on"), story, hint=2)
    events.clear()
    story = "A report waits for an hour in the block of `using(branch)`, and its task is cancelled"
    expect(cancelled(answer, events, story), True, f"{story}; whether the task is then cancelled", hint=2)
    expect(events, ["enters", "leaves, told CancelledError", "the report's own finally"], story, hint=2)


def cancelled(answer: Answer, events: list[str], story: str) -> bool:
    """Cancel a report that waits; tell whether its task counts as cancelled."""
    def waits() -> None:
        try:
            with answer.using(Branch(events)):
                answer.await_only(asyncio.sleep(3600))
        finally:
            answer.await_only(asyncio.sleep(0))
            events.append("the report's own finally")

    async def main() -> bool:
        task = asyncio.create_task(answer.greenlet_spawn(waits))
        while "enters" not in events and not task.done():
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task], timeout=PATIENCE)
        require(task.done(), f"{story}: {PATIENCE:g} seconds later it has not ended.", hint=2)
        return task.cancelled()
    return asyncio.run(main())


@check("`each` gives one value after the other", needs=enters_and_leaves)
def gives_each_value(answer: Answer) -> None:
    """The next is asked for when the one before has been used; an exception comes out; nothing at all."""
    events: list[str] = []

    def loop(source: Any) -> Any:
        try:
            for value in answer.each(source):
                events.append(f"uses {value}")
        except ConnectionError as error:
            events.append(f"ConnectionError: {error}")
        return "goes on"
    three = [line for title in ("Dune", "Emma", "Walden") for line in (f"asked for {title}", f"uses {title}")]
    for error, end in ((None, ["closed"]), (ConnectionError, ["closed", "ConnectionError: the branch has closed"])):
        events.clear()
        story = "A loop over `each(titles())`" + (", which raises ConnectionError after three titles" if error else "")
        got = run(answer, story, lambda error=error: loop(titles(events, error)), 3)
        expect((events, got), ([*three, *end], "goes on"), story, hint=3)
    events.clear()
    story = "A loop over `each` of a source that is no iterator itself: its `__aiter__` gives one"
    run(answer, story, lambda: loop(Titles(events)), 3)
    expect(events, [*three, "closed"], story, hint=3)
    for count in (3, 0):
        events.clear()
        story = f"A loop over `each` of an iterator that gives {count} numbers and has no `aclose`"
        run(answer, story, lambda count=count: loop(Rows(count)), 3)
        expect(events, [f"uses {number}" for number in reversed(range(count))], story, hint=3)


@check("when `each` is closed, so is the source", needs=gives_each_value, points=2)
def closes_the_source(answer: Answer) -> None:
    """Left by break, by an exception, and before the first value; a source that cannot be closed."""
    for title, how in (("Emma", "break"), ("Dune", "LookupError")):
        events: list[str] = []

        def leaves(events: list[str] = events, title: str = title, how: str = how) -> None:
            try:
                with closing(answer.each(titles(events))) as values:
                    for value in values:
                        if value == title:
                            if how == "break":
                                break
                            raise LookupError(value)
            except LookupError:
                events.append("LookupError")
            events.append("behind the block")
        story = f"`with closing(each(titles())) as values:`, and the loop is left at {title} by {how}"
        run(answer, story, leaves, 3)
        asked = [f"asked for {one}" for one in ("Dune", "Emma")[:("Dune", "Emma").index(title) + 1]]
        expect(events, [*asked, "closed", *["LookupError"] * (how != "break"), "behind the block"], story, hint=3)

    def some_titles() -> None:
        with closing(answer.each(Titles(events))) as values:
            events.append(f"uses {next(iter(values))}")
        events.append("behind the block")
    events.clear()
    story = "`closing(each(titles))` of a source that is no iterator itself, left after the first value"
    run(answer, story, some_titles, 3)
    expect(events, ["asked for Dune", "uses Dune", "closed", "behind the block"], story, hint=3)

    def some() -> int:
        with closing(answer.each(Rows(3))) as values:
            return int(next(iter(values)))
    story = "`closing(each(rows))` of an iterator without `aclose`, left after the first value"
    expect(run(answer, story, some, 3), 2, f"{story}; that value", hint=3)


@check("outside of the bridge both raise RuntimeError", needs=gives_each_value)
def raises_outside(answer: Answer) -> None:
    """In a plain program, and in a coroutine; nothing is left that was never awaited."""
    def block() -> None:
        with answer.using(Branch([])):
            pass

    def loop() -> Iterator[Any]:
        return list(answer.each(Rows(1)))  # type: ignore[return-value]

    async def in_coroutine(call: Callable[[], Any]) -> str:
        return raised(call)
    for name, call in (("with using(branch): ...", block), ("for row in each(rows): ...", loop)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            expect(raised(call), "RuntimeError", f"`{name}` in a plain program raises", hint=1)
            expect(asyncio.run(in_coroutine(call)), "RuntimeError", f"`{name}` in a coroutine raises", hint=1)
        said = [str(one.message) for one in caught if "never awaited" in str(one.message)]
        require(not said, f"`{name}` outside of the bridge leaves something behind: {said}", hint=1)


def raised(call: Callable[[], Any]) -> str:
    """Return the name of what a call raises."""
    try:
        call()
    except Exception as error:
        return type(error).__name__
    return "nothing"
