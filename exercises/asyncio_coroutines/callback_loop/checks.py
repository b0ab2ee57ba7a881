"""The loop is driven with callbacks and coroutines that write down what happened, and at which tick."""

import inspect
from collections.abc import Callable
from typing import Any

from course.check import Answer, check, expect, expect_raises, require


def run(answer: Answer, program: Callable[[Any], Any]) -> Any:
    """Run the coroutine `program(loop)` on a fresh loop, and return that loop."""
    loop = answer.Loop()
    main = loop.create_task(program(loop))
    try:
        driven = loop.run_until_complete(main)
        if inspect.iscoroutine(driven):
            driven.close()
            require(False, "`run_until_complete` is an `async def`, so the call ran nothing. It is what drives the "
                           "coroutines, so it is a plain `def`.")
    finally:
        main.coroutine.close()  # one that was never driven would warn
    return loop


@check("`call_soon` queues a callback with its arguments, first in, first out")
def callbacks_take_turns(answer: Answer) -> None:
    """Three callbacks are queued by a program that then goes on for a moment."""
    said: list[str] = []

    async def program(loop: Any) -> None:
        for branch in ("Harbour", "Castle", "Mill"):
            loop.call_soon(said.append, branch)
        said.append("program")
        done = answer.Future(loop)
        loop.call_soon(done.set_result, None)
        await done

    run(answer, program)
    expect(said, ["program", "Harbour", "Castle", "Mill"],
           "A program queued callbacks for Harbour, Castle and Mill and went on; what ran has another order", hint=1)


@check("two tasks that await each other end with RuntimeError(\"everybody waits\")", needs=callbacks_take_turns)
def a_deadlock_is_told(answer: Answer) -> None:
    """Nobody is ready, and no timer will change that."""
    loop = answer.Loop()
    tasks: list[Any] = []

    async def wait_for(other: int) -> None:
        await tasks[other]

    tasks += [loop.create_task(wait_for(1)), loop.create_task(wait_for(0))]
    error = expect_raises(RuntimeError, lambda: loop.run_until_complete(tasks[0]),
                          "Two tasks await each other, and no timer is set", hint=2)
    expect(str(error), "everybody waits", "The RuntimeError says something else", hint=2)


@check("`call_later` counts its ticks from now, and the clock jumps to each timer", needs=callbacks_take_turns)
def timers_move_the_clock(answer: Answer) -> None:
    """A timer that sets a second one when it runs, and a third that is set first and due last."""
    seen: list[tuple[str, int]] = []
    timers: list[Any] = []

    async def program(loop: Any) -> None:
        done = answer.Future(loop)

        def note(name: str) -> None:
            seen.append((name, loop.now))

        def first(name: str) -> None:
            note(name)
            loop.call_later(2, note, "second, 2 later")

        timers.append(loop.call_later(9, done.set_result, None))
        loop.call_later(4, first, "first")
        await done

    loop = run(answer, program)
    expect(seen, [("first", 4), ("second, 2 later", 6)],
           "At tick 0 a timer for 4 ticks was set; when it ran it set another for 2 ticks. What they were given, "
           "and when they ran", hint=2)
    expect(loop.now, 9, "The program ended with a timer of 9 ticks; the clock shows another tick", hint=2)
    require(type(timers[0]) is answer.Timer, "`call_later` does not return the Timer that it has set.")


@check("timers that are due at the same tick run in the order in which they were set", needs=timers_move_the_clock)
def ties_keep_their_order(answer: Answer) -> None:
    """Six timers for one tick: enough for a heap to mix them up."""
    said: list[str] = []
    ticks: list[int] = []

    async def program(loop: Any) -> None:
        def note(name: str) -> None:
            said.append(name)
            ticks.append(loop.now)

        for name in "ABCDEF":
            loop.call_later(1, note, name)
        done = answer.Future(loop)
        loop.call_later(2, done.set_result, None)
        await done

    run(answer, program)
    expect(said, list("ABCDEF"), "Six timers, A to F, were set for the same tick; they ran in another order", hint=2)
    expect(ticks, [1] * 6, "Six timers were set for tick 1; `now`, when each of them ran, was", hint=2)


def ticks_of_three(answer: Answer, cancelled: tuple[int, ...]) -> list[int]:
    """When timers for the ticks 1, 10 and 2 ran, of which some were cancelled at once."""
    ticks: list[int] = []

    async def program(loop: Any) -> None:
        done = answer.Future(loop)
        for tick in (1, 10, 2):
            loop.call_later(tick, lambda: ticks.append(loop.now)).cancelled = tick in cancelled
        loop.call_later(20, done.set_result, None)
        await done

    run(answer, program)
    return ticks


@check("a cancelled timer neither runs nor moves the clock", needs=timers_move_the_clock)
def cancelled_timers_are_passed_over(answer: Answer) -> None:
    """Cancelled: before the next live timer, the last of all, in its own tick, and at the top of a heap."""
    said: list[tuple[str, int]] = []

    async def program(loop: Any) -> None:
        done = answer.Future(loop)
        early = loop.call_later(3, lambda: said.append(("the cancelled timer", loop.now)))
        early.cancelled = True
        loop.call_later(5, lambda: (said.append(("the timer at 5", loop.now)), done.set_result(None)))
        loop.call_soon(lambda: said.append(("a callback, with the clock", loop.now)))
        await done

    run(answer, program)
    expect(said, [("a callback, with the clock", 0), ("the timer at 5", 5)],
           "The timer for tick 3 was cancelled, one for tick 5 was not; something else happened", hint=2)

    async def stuck(loop: Any) -> None:
        loop.call_later(8, print, "never").cancelled = True
        await answer.Future(loop)

    loop = answer.Loop()
    main = loop.create_task(stuck(loop))
    expect_raises(RuntimeError, lambda: loop.run_until_complete(main),
                  "The only timer was cancelled and `main` waits for ever: run_until_complete does not say so", hint=2)
    expect(loop.now, 0, "The only timer, for tick 8, was cancelled, and the clock was moved", hint=2)
    said.clear()

    async def at_the_same_tick(loop: Any) -> None:
        done = answer.Future(loop)
        second = []
        loop.call_later(3, lambda: (said.append(("the first", loop.now)), setattr(second[0], "cancelled", True)))
        second.append(loop.call_later(3, lambda: said.append(("the second, cancelled", loop.now))))
        loop.call_later(4, done.set_result, None)
        await done

    run(answer, at_the_same_tick)
    expect(said, [("the first", 3)],
           "Two timers were due at tick 3, and the callback of the first cancelled the second; what ran", hint=2)
    expect(ticks_of_three(answer, cancelled=(1,)), [2, 10],
           "Timers were set for the ticks 1, 10 and 2, and that for 1 was cancelled; the others ran at", hint=2)
    expect(ticks_of_three(answer, cancelled=(1, 2)), [10],
           "Timers were set for the ticks 1, 10 and 2, and those for 1 and 2 were cancelled; what ran at", hint=2)


@check("`run_until_complete` ends when `main` is done: what is left in the queue and among the timers stays there",
       needs=timers_move_the_clock)
def ends_with_main(answer: Answer) -> None:
    """A timer due much later; a callback that queues itself again (up to a bound, for those who go on); done before."""
    seen: list[int] = []

    async def leaves_a_timer(loop: Any) -> None:
        done = answer.Future(loop)
        loop.call_later(100, lambda: seen.append(loop.now))
        loop.call_later(1, done.set_result, None)
        await done

    loop = run(answer, leaves_a_timer)
    expect((loop.now, seen), (1, []),
           "`main` was done at tick 1, and a timer for tick 100 was left; the clock, and the ticks at which it ran")
    calls: list[str] = []

    async def leaves_a_callback(loop: Any) -> None:
        def again() -> None:
            calls.append("again")
            if len(calls) < 1000:
                loop.call_soon(again)

        done = answer.Future(loop)
        loop.call_soon(again)
        loop.call_soon(done.set_result, None)
        await done

    run(answer, leaves_a_callback)
    require(len(calls) < 100, "A callback queues itself again each time it runs. `main` was done after a few turns, "
                              "and run_until_complete went on calling it.")
    expect(left_for_the_next_day(answer), ["a callback", "a timer", "behind main"],
           "`main` ended with two callbacks in the queue and a timer set. Then the same loop ran a second task, long "
           "enough for all of them; what had run by its end, sorted")
    late: list[str] = []

    async def ends_at_once(_loop: Any) -> None:
        pass

    loop = answer.Loop()
    main = loop.create_task(ends_at_once(loop))
    loop.run_until_complete(main)
    loop.call_soon(late.append, "a callback")
    loop.call_later(5, late.append, "a timer")
    loop.run_until_complete(main)
    expect((late, loop.now), ([], 0), "run_until_complete was called again with a `main` that is done; what it called, "
                                      "and the clock")


def left_for_the_next_day(answer: Answer) -> list[str]:
    """What a first task leaves behind, driven by a second one on the same loop; sorted."""
    said: list[str] = []

    async def first_day(loop: Any) -> None:
        done = answer.Future(loop)

        def finish() -> None:
            done.set_result(None)
            loop.call_soon(said.append, "behind main")  # a pass over all that is ready may still run it

        loop.call_later(5, said.append, "a timer")
        loop.call_soon(finish)
        await done
        loop.call_soon(said.append, "a callback")

    async def second_day(loop: Any) -> None:
        done = answer.Future(loop)
        loop.call_later(10, done.set_result, None)
        await done

    loop = run(answer, first_day)
    loop.run_until_complete(loop.create_task(second_day(loop)))
    return sorted(said)


@check("`sleep` lets others have their turns: the lookups of the lesson take 6 ticks in turn and 3 together",
       needs=timers_move_the_clock, points=2)
def lookups_overlap(answer: Answer) -> None:
    """The two programs of the lesson."""
    branches = {"Harbour": 3, "Castle": 1, "Mill": 2}
    log: list[tuple[str, int]] = []

    async def ask(loop: Any, branch: str) -> None:
        await loop.sleep(branches[branch])
        log.append((branch, loop.now))

    async def in_turn(loop: Any) -> None:
        for branch in branches:
            await ask(loop, branch)

    async def together(loop: Any) -> None:
        for task in [loop.create_task(ask(loop, branch)) for branch in branches]:
            await task

    slept = answer.Loop().sleep(1)
    undriven = slept.coroutine if isinstance(slept, answer.Task) else slept
    if inspect.iscoroutine(undriven):
        undriven.close()  # it is never driven, and would warn
    require(isinstance(slept, answer.Future), f"`sleep(1)` returns a {type(slept).__name__}, not a Future.", hint=1)
    run(answer, in_turn)
    expect(log, [("Harbour", 3), ("Castle", 4), ("Mill", 6)],
           "Three lookups of 3, 1 and 2 ticks, one after the other, ended at other ticks", hint=1)
    log.clear()
    run(answer, together)
    expect(log, [("Castle", 1), ("Mill", 2), ("Harbour", 3)],
           "Three lookups of 3, 1 and 2 ticks, as tasks, ended at other ticks", hint=2)
