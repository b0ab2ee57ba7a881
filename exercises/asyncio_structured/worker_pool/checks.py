"""Nobody sleeps here: the clock of the loop jumps from timer to timer, so every second below is exact."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from course.check import Answer, Failure, check, expect, require

START = 5000.0  # where the loop's clock stands when a story begins: on a machine it is never 0 either
MOST = 20_000  # passes of the loop in one story
BUSY = 15  # seconds on a real clock for one check: nobody waits in it, but the machine may be busy


class Clock:
    """The clock of one loop. Where the loop would sleep until a timer is due, this clock jumps there."""

    def __init__(self, loop: Any) -> None:
        self.now, self.blocked, self.passes = START, 0.0, 0
        self.look = loop._selector.select
        loop.time = lambda: self.now
        loop._selector.select = self.jump

    @property
    def second(self) -> float:
        """How many seconds have passed since the story began."""
        return self.now - START

    def jump(self, timeout: float | None = None) -> Any:
        """Stand for the part of the loop that sleeps."""
        self.passes += 1
        if self.passes > MOST or timeout is None:
            raise Failure(
                f"The clock stands at second {self.second:g}, and the loop turns without an end: "
                "does something wait by asking again and again?"
            )
        self.now += timeout
        return self.look(0)

    def block(self, seconds: float) -> None:
        """Stand for `time.sleep`: time passes, and nobody has a turn."""
        self.blocked += seconds
        self.now += seconds


def sweep(loop: Any, clock: Clock) -> None:
    """Cancel what a story has left running, and close its loop."""
    clock.passes = 0
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    with suppress(Failure):
        loop.run_until_complete(asyncio.wait([*left, loop.create_task(asyncio.sleep(0))], timeout=100))
    loop.close()


def play(story: Callable[[Clock], Coroutine[Any, Any, None]]) -> None:
    """Run a story on a loop of its own, whose clock jumps; what it leaves running is cancelled."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # failures are part of the plan: no log
    clock = Clock(loop)
    try:
        with mock.patch("time.sleep", clock.block):
            loop.run_until_complete(story(clock))
    finally:
        sweep(loop, clock)
        require(
            clock.blocked == 0,
            f"`time.sleep` was called (seconds in all: {clock.blocked:g}). It holds the "
            "whole loop, so that nobody else has a turn: await `asyncio.sleep`.",
        )


class Run:
    """A call of the answer in a task of its own: how it ended, at which second, and what it left behind."""

    def __init__(self, clock: Clock, call: Any, words: str) -> None:
        require(
            inspect.isawaitable(call),
            f"{words}: the call gives a {type(call).__name__}, which cannot be awaited.",
        )
        self.clock, self.words = clock, words
        self.known = asyncio.all_tasks()
        self.value: Any = None
        self.error: BaseException | None = None
        self.second, self.left = -1.0, 0
        self.task = asyncio.create_task(self._watch(call))

    async def _watch(self, call: Any) -> None:
        try:
            self.value = await call
        except BaseException as error:  # a cancellation too: it ends here, where it is looked at
            self.error = error
        self.second = self.clock.second
        self.left = len(asyncio.all_tasks() - self.known - {self.task})

    @property
    def how(self) -> str:
        """How it ended, in words."""
        if not self.task.done():
            return "not ended yet"
        if self.error is None:
            return "returned"
        if isinstance(self.error, asyncio.CancelledError):
            return "cancelled"
        return f"{type(self.error).__name__} raised"

    async def ends(self, hint: int | None = None) -> "Run":
        """Wait for its end."""
        await asyncio.wait([self.task], timeout=1000)
        require(self.task.done(), f"{self.words}: 1000 seconds later it has not ended.", hint=hint)
        return self

    async def returns(self, want: Any, hint: int | None = None) -> None:
        """Wait for its end, which must be a `return` of `want`."""
        await self.ends(hint)
        require(
            self.error is None,
            f"{self.words}: instead of returning, it raises {type(self.error).__name__}: {self.error}",
            hint=hint,
        )
        expect(self.value, want, f"{self.words}: it returns something else", hint=hint)


@dataclass
class Night:
    """Jobs that take their time or fail, and a producer of them; notes at which second what happened."""

    clock: Clock
    jobs: list[Any]
    seconds: dict[Any, float] = field(default_factory=dict)  # for a job; 1 if it is not there
    errors: dict[Any, Exception] = field(default_factory=dict)
    tidying: float = 0  # seconds that a job needs to end when it is cancelled
    put: list[float] = field(default_factory=list)
    begun: list[tuple[float, Any]] = field(default_factory=list)
    done: list[Any] = field(default_factory=list)
    cut: list[Any] = field(default_factory=list)
    running: int = 0

    async def produce(self, put: Callable[[Any], Coroutine[Any, Any, None]]) -> None:
        """Put all jobs."""
        self.running += 1
        try:
            for job in self.jobs:
                await put(job)
                self.put.append(self.clock.second)
        except asyncio.CancelledError:
            self.cut.append("produce")
            raise
        finally:
            self.running -= 1

    async def work(self, job: Any) -> str:
        """Do one job; what it returns means nothing."""
        self.begun.append((self.clock.second, job))
        self.running += 1
        try:
            await asyncio.sleep(self.seconds.get(job, 1))
        except asyncio.CancelledError:
            self.cut.append(job)
            await asyncio.sleep(self.tidying)
            raise
        finally:
            self.running -= 1
        if error := self.errors.get(job):
            raise error
        self.done.append(job)
        return f"{job} is done"


def pool(answer: Answer, night: Night, workers: int, room: int, words: str, produce: Any = None) -> Run:
    """Start the answer's pool."""
    return Run(night.clock, answer.run_pool(produce or night.produce, night.work, workers, room), words)


def ended_cleanly(run: Run, night: Night, hint: int) -> None:
    """Require that nothing of the pool goes on."""
    require(
        night.running == 0,
        f"{run.words}: run_pool has ended ({run.how}), and {night.running} of its calls of "
        "`work` and `produce` are still running.",
        hint=hint,
    )
    require(
        run.left == 0,
        f"{run.words}: when run_pool ended ({run.how}), {run.left} of the tasks that it has started "
        "had not ended.",
        hint=hint,
    )


def comes_out(run: Run, error: Exception) -> bool:
    """Whether a run has ended with this exception, as it is or alone in a group."""
    found: Any = run.error
    while isinstance(found, ExceptionGroup) and len(found.exceptions) == 1:
        found = found.exceptions[0]
    return found is error


@check("each job is done once, by as many workers as wanted, in the order of the jobs", timeout=BUSY)
def does_all_jobs(answer: Answer) -> None:
    """One long job keeps one worker busy; fewer jobs than workers; jobs that are None or equal."""

    async def long_job(clock: Clock) -> None:
        night = Night(clock, ["a", "b", "c", "d"], {"a": 10})
        run = pool(answer, night, 2, 9, "2 workers, 4 jobs; 'a' takes 10 seconds, the others take 1")
        await run.returns([], hint=2)
        expect(
            night.begun,
            [(0.0, "a"), (0.0, "b"), (1.0, "c"), (2.0, "d")],
            f"{run.words}; the seconds at which each began",
            hint=1,
        )
        expect(
            night.done,
            ["b", "c", "d", "a"],
            f"{run.words}; the jobs that were done when run_pool returned",
            hint=2,
        )
        expect(run.second, 10.0, f"{run.words}; the second at which run_pool returned", hint=2)

    async def odd_jobs(clock: Clock) -> None:
        for jobs, workers in (
            ([], 3),
            (["a"], 3),
            ([0, None, ""], 1),
            (["a", "a", "a"], 2),
            (list(range(50)), 4),
        ):
            night = Night(clock, jobs)
            run = pool(answer, night, workers, 5, f"{workers} workers, and the jobs are {jobs}")
            await run.returns([], hint=2)
            expect([job for _, job in night.begun], jobs, f"{run.words}; the jobs that were begun", hint=2)

    play(long_job)
    play(odd_jobs)


@check("the workers begin while `produce` is still running", needs=does_all_jobs, timeout=BUSY)
def begins_at_once(answer: Answer) -> None:
    """A producer that finds a job every 10 seconds."""

    async def story(clock: Clock) -> None:
        night = Night(clock, [])

        async def produce(put: Any) -> None:
            for job in ("a", "b", "c"):
                await put(job)
                await asyncio.sleep(10)

        run = pool(
            answer, night, 1, 5, "`produce` puts a job every 10 seconds, and there is one worker", produce
        )
        await run.returns([], hint=2)
        expect(
            night.begun,
            [(0.0, "a"), (10.0, "b"), (20.0, "c")],
            f"{run.words}; the seconds at which each began",
            hint=2,
        )
        expect(run.second, 30.0, f"{run.words}; the second at which run_pool returned", hint=2)

    play(story)


@check("`put` waits while there is no room", needs=does_all_jobs, timeout=BUSY)
def limits_the_room(answer: Answer) -> None:
    """One worker, jobs of 10 seconds, two or one may wait."""
    for workers, room, want in (
        (1, 2, [0.0, 0.0, 0.0, 10.0, 20.0, 30.0]),
        (2, 1, [0.0, 0.0, 0.0, 10.0, 10.0, 20.0]),
    ):

        async def story(
            clock: Clock, workers: int = workers, room: int = room, want: list[float] = want
        ) -> None:
            night = Night(clock, list("abcdef"), dict.fromkeys("abcdef", 10))
            run = pool(
                answer, night, workers, room, f"workers={workers}, room={room}, and 6 jobs of 10 seconds each"
            )
            await run.returns([], hint=2)
            expect(night.put, want, f"{run.words}; the seconds at which `await put(job)` came back", hint=2)

        play(story)


@check(
    "failed jobs stop nobody, and are returned with their exceptions, in the order of failing",
    needs=does_all_jobs,
    timeout=BUSY,
)
def goes_on_after_failures(answer: Answer) -> None:
    """More jobs fail than there are workers; the first one fails last."""

    async def story(clock: Clock) -> None:
        errors: dict[Any, Exception] = {
            "a": LookupError("no address"),
            "b": OSError("no paper"),
            "d": ValueError("ink"),
            "e": TimeoutError("slow"),
        }
        night = Night(clock, list("abcdef"), {"a": 7}, errors)
        run = pool(
            answer,
            night,
            2,
            2,
            "2 workers, jobs 'a' to 'f'; 'a', 'b', 'd' and 'e' raise, 'a' after 7 seconds, "
            "the others after 1",
        )
        await run.ends(hint=2)
        require(
            run.error is None,
            f"{run.words}: {type(run.error).__name__} comes out of run_pool. It has to return "
            "the failed jobs.",
            hint=2,
        )
        expect(night.done, ["c", "f"], f"{run.words}; the jobs that were done", hint=2)
        expect(
            run.value, [(job, errors[job]) for job in "bdea"], f"{run.words}; what run_pool returned", hint=2
        )
        again = pool(answer, Night(clock, ["g"]), 2, 2, "The next night, on which no job fails")
        await again.returns([], hint=2)

    play(story)


@check("when it has returned, no task of it is left", needs=does_all_jobs, timeout=BUSY)
def leaves_no_task(answer: Answer) -> None:
    """The pool has more workers than jobs, and is looked at in the very turn in which it returns."""

    async def story(clock: Clock) -> None:
        for jobs, workers in (([], 2), (["a"], 3), (list("abcdef"), 2)):
            night = Night(clock, jobs)
            run = pool(answer, night, workers, 5, f"{workers} workers, and the jobs are {jobs}")
            await run.returns([], hint=3)
            ended_cleanly(run, night, 3)

    play(story)


@check(
    "when `produce` raises, work is cancelled, jobs that wait are dropped, and its exception comes out",
    needs=leaves_no_task,
    timeout=BUSY,
)
def stops_when_produce_fails(answer: Answer) -> None:
    """At second 1, with two jobs running and one that waits; and before the first job was put."""

    async def story(clock: Clock, jobs: str) -> None:
        for tidying in (0, 0.5):
            night, begun = Night(clock, [], dict.fromkeys("abc", 10), tidying=tidying), clock.second
            error = LookupError("the list of letters is damaged")

            async def produce(put: Any, error: Exception = error) -> None:
                for job in jobs:
                    await put(job)
                await asyncio.sleep(1)
                raise error

            run = pool(
                answer,
                night,
                2,
                5,
                f"`produce` puts {len(jobs)} jobs of 10 seconds each, and raises LookupError "
                "at second 1; there are 2 workers",
                produce,
            )
            await run.ends(hint=3)
            expect(
                [job for _, job in night.begun],
                list(jobs[:2]),
                f"{run.words}; the jobs that were begun",
                hint=3,
            )
            expect(sorted(night.cut), list(jobs[:2]), f"{run.words}; the jobs that were cancelled", hint=3)
            ended_cleanly(run, night, 3)
            require(
                comes_out(run, error),
                f"{run.words}: that exception does not come out of run_pool: {run.how}.",
                hint=3,
            )
            expect(
                run.second - begun,
                1.0 + (tidying if jobs else 0),
                f"{run.words}, and a job needs {tidying:g} "
                "seconds to end when it is cancelled; the second at which run_pool ended",
                hint=3,
            )

    for jobs in ("abc", ""):
        play(lambda clock, jobs=jobs: story(clock, jobs))


@check(
    "when its task is cancelled, everything in it is, and it ends as cancelled",
    needs=leaves_no_task,
    points=2,
    timeout=BUSY,
)
def can_be_cancelled(answer: Answer) -> None:
    """While `produce` runs, while it waits for room, and after it, while the last jobs are running."""
    cases = (
        ("abcdef", 1, "while `produce` waits for room", "ab", ["a", "b", "produce"]),
        ("ab", 5, "when `produce` has returned and two jobs are running", "ab", ["a", "b"]),
        (
            "a",
            5,
            "when `produce` has returned, one job is running, and one worker has nothing to do",
            "a",
            ["a"],
        ),
    )

    async def story(clock: Clock, case: tuple[str, int, str, str, list[str]], tidying: float) -> None:
        jobs, room, when, begun, cut = case
        night = Night(clock, list(jobs), dict.fromkeys(jobs, 10), tidying=tidying)
        run = pool(
            answer,
            night,
            2,
            room,
            f"2 workers, {len(jobs)} jobs of 10 seconds each; run_pool is cancelled at second 1, {when}",
        )
        await asyncio.sleep(1)
        run.task.cancel()
        await run.ends(hint=3)
        expect(sorted(night.cut), cut, f"{run.words}; what was cancelled of the jobs and `produce`", hint=3)
        expect([job for _, job in night.begun], list(begun), f"{run.words}; the jobs that were begun", hint=3)
        ended_cleanly(run, night, 3)
        expect(run.how, "cancelled", f"{run.words}; how it ended", hint=3)
        expect(
            run.second,
            1.0 + tidying,
            f"{run.words}, and a job needs {tidying:g} seconds to end when it is "
            "cancelled; the second at which it ended",
            hint=3,
        )

    for case in cases:
        for tidying in (0.0, 0.5):
            play(lambda clock, case=case, tidying=tidying: story(clock, case, tidying))
