"""Jobs that write down what they do, and who has the turn meanwhile."""

import threading
from collections.abc import Callable
from typing import Any

from greenlet import getcurrent, greenlet

from course.check import Answer, Failure, check, expect, require

ENOUGH = 1000  # turns: a job that is given more has been given too many


def run(desk: Any, tried: str) -> None:
    """Let the desk run; nothing that a job raises may come out."""
    try:
        got = desk.run()
    except Exception as error:
        require(False, f"{tried}: `run` raises {type(error).__name__}: {error}", hint=2)
    else:
        expect(got, None, f"{tried}: `run` returns something", hint=1)


class Bounded(list[str]):
    """A log that an endless `run` cannot fill."""

    def append(self, name: str) -> None:
        """Note a turn."""
        require(len(self) < ENOUGH, f"A job that does not pause has returned (), and is given {ENOUGH} turns: a value "
                                    "does not tell whether it has ended.", hint=2)
        super().append(name)


def member(desk: Any, said: list[str], name: str, pauses: int) -> Callable[[], str]:
    """Return a job that says something in each turn."""
    def job() -> str:
        for number in range(pauses):
            require(len(said) < ENOUGH, f"Jobs with a few turns each have been given {ENOUGH}.", hint=1)
            said.append(f"{name} {number}")
            desk.pause()
        said.append(f"{name} goes")
        return f"{name} is done"
    return job


@check("`start` runs nothing, and `run` runs what was started")
def starts_nothing(answer: Answer) -> None:
    """Arguments are handed over; with no job at all `run` returns."""
    desk, said = answer.Desk(), []
    run(desk, "No job was started")
    expect(desk.start("Ada", lambda *titles: said.append(titles), "Emma", "Dune"), None,
           "start(\"Ada\", job, \"Emma\", \"Dune\") returns something")
    expect(said, [], "`start` was called, and `run` was not; what the job has done already", hint=1)
    run(desk, "One job was started, which does not pause")
    expect(said, [("Emma", "Dune")], "start(\"Ada\", job, \"Emma\", \"Dune\"), then run(); what the job was given",
           hint=1)


@check("the jobs take turns, in the order in which they were started", needs=starts_nothing)
def takes_turns(answer: Answer) -> None:
    """With two, no and three pauses."""
    desk, said = answer.Desk(), []
    for name, pauses in (("Ada", 2), ("Grace", 0), ("Alan", 3)):
        desk.start(name, member(desk, said, name, pauses))
    story = "Ada pauses twice, Grace never, Alan three times; each says something in each turn"
    run(desk, story)
    expect(said, ["Ada 0", "Grace goes", "Alan 0", "Ada 1", "Alan 1", "Ada goes", "Alan 2", "Alan goes"],
           f"{story}. What was said, in order", hint=1)
    got: list[Any] = []
    for name in ("Ada", "Grace"):
        desk.start(name + " again", lambda: got.append(desk.pause()))
    run(desk, "Two jobs keep what `pause()` returns")
    expect(got, [None, None], "Two jobs keep what `pause()` returns")


@check("a job may pause any number of calls further down, and all have one thread", needs=takes_turns)
def pauses_anywhere(answer: Answer) -> None:
    """Under a hundred calls, and within `sorted`, which is written in C."""
    desk, said, threads = answer.Desk(), [], set()

    def down(name: str, calls: int) -> int:
        if calls:
            return 1 + down(name, calls - 1)
        said.append(f"{name} is down")
        threads.add(threading.get_ident())
        desk.pause()
        return 0

    def sorts(titles: list[str]) -> list[str]:
        def key(title: str) -> str:
            said.append(title)
            threads.add(threading.get_ident())
            desk.pause()
            return title[-1]
        return sorted(titles, key=key)

    desk.start("Ada", down, "Ada", 100)
    desk.start("Grace", sorts, ["Emma", "Walden", "Dune"])
    desk.start("Alan", sorts, ["Ulysses", "Middlemarch"])
    run(desk, "Ada pauses under 100 calls, Grace and Alan in the key of `sorted`")
    expect(said, ["Ada is down", "Emma", "Ulysses", "Walden", "Middlemarch", "Dune"],
           "Ada pauses under 100 calls, Grace and Alan in the key of `sorted`. What was said, in order", hint=1)
    require(threads == {threading.get_ident()}, "`run` was called in one thread, and jobs ran in another: their "
                                                "greenlets have to take turns in the thread of `run`.", hint=1)
    expect(desk.results.get("Grace"), ["Emma", "Dune", "Walden"],
           "Grace's job returns titles sorted by their last letters. results[\"Grace\"]", hint=1)


@check("`log` has the name of each turn, when it begins", needs=pauses_anywhere)
def keeps_the_log(answer: Answer) -> None:
    """Over two runs; and looked at by a job in its turn."""
    desk, said, seen = answer.Desk(), [], []
    for name, pauses in (("Ada", 1), ("Grace", 2)):
        desk.start(name, member(desk, said, name, pauses))
    run(desk, "Ada pauses once, Grace twice")
    expect(desk.log, ["Ada", "Grace", "Ada", "Grace", "Grace"], "Ada pauses once, Grace twice. The log", hint=1)

    def looks() -> None:
        seen.append(list(desk.log[5:]))
        desk.pause()
        seen.append(list(desk.log[5:]))

    desk.start("Alan", looks)
    run(desk, "A third job is started after the first `run`, which looks at the log")
    expect(desk.log, ["Ada", "Grace", "Ada", "Grace", "Grace", "Alan", "Alan"],
           "A second `run` for Alan, who pauses once. The log of both", hint=1)
    expect(seen, [["Alan"], ["Alan", "Alan"]], "Alan looks at the log in each of his turns. What it has since his "
                                               "`run` began", hint=1)


@check("a job that is started in a turn comes behind the others, and before who started it", needs=keeps_the_log)
def queues_new_jobs(answer: Answer) -> None:
    """Two started in one turn, and one started by a new one."""
    desk = answer.Desk()

    def quiet() -> None:
        desk.pause()

    def starts() -> None:
        desk.start("Grace's first", starts_one)
        desk.start("Grace's second", quiet)
        desk.log.append("Grace goes on")
        desk.pause()

    def starts_one() -> None:
        desk.start("last", quiet)

    for name, job in (("Ada", quiet), ("Grace", starts), ("Alan", quiet)):
        desk.start(name, job)
    run(desk, "Ada, Grace and Alan pause once each; Grace starts two jobs in her first turn")
    expect(desk.log[:4], ["Ada", "Grace", "Grace goes on", "Alan"],
           "Grace starts two jobs in her turn, and goes on, before Alan has his. The log, with a line of hers", hint=3)
    expect(desk.log[4:], ["Ada", "Grace's first", "Grace's second", "Grace", "Alan", "last", "Grace's second", "last"],
           "Ada and Alan pause once; Grace starts two jobs and then pauses, and the first of these starts one more. "
           "The log after Alan's first turn", hint=3)


@check("`results` has what each job returned or raised, and the others go on", needs=keeps_the_log)
def keeps_results(answer: Answer) -> None:
    """Values that look like nothing, and an exception in the first turn and in a later one."""
    desk = answer.Desk()
    desk.log = Bounded()
    desk.start("Ada", tuple)
    desk.run()
    desk, error, odd = answer.Desk(), KeyError("Dune"), {"None": None, "()": (), "False": False, "0": 0, "[]": []}
    seen: list[bool] = []

    def raises(pauses: int) -> None:
        for _ in range(pauses):
            desk.pause()
        raise error

    def returns(value: Any, pauses: int) -> Any:
        for _ in range(pauses):
            desk.pause()
        return value

    def looks() -> str:
        seen.append("looks" in desk.results)
        desk.pause()
        seen.append("looks" in desk.results)
        return "looked"

    desk.start("fails at once", raises, 0)
    desk.start("fails later", raises, 2)
    desk.start("looks", looks)
    for number, (name, value) in enumerate(odd.items()):
        desk.start(name, returns, value, number % 2)
    run(desk, "Two jobs raise KeyError, others come after them")
    for name in ("fails at once", "fails later"):
        require(desk.results.get(name) is error, f"The job {name!r} raises KeyError('Dune'); results[{name!r}] is "
                f"{desk.results.get(name, 'not there')!r}, not that exception.", hint=2)
    expect(seen, [False, False], "A job that has not ended looks, in each of its turns, whether it is in `results`",
           hint=2)
    for name, value in odd.items():
        require(name in desk.results, f"A job has returned {value!r}, and is not in `results`.", hint=2)
        expect(desk.results[name], value, f"A job has returned {value!r}; in `results` stands", hint=2)
    require(len(desk.log) == 13, f"Eight jobs pause five times in all. The log has {len(desk.log)} turns, not 13.",
            hint=2)
    desk = answer.Desk()

    def interrupted() -> None:
        raise KeyboardInterrupt
    desk.start("is interrupted", interrupted)
    try:
        desk.run()
    except KeyboardInterrupt:
        return
    raise Failure("A job raises KeyboardInterrupt, as when somebody types Ctrl-C: it does not come out of `run`, and "
                  f"`results` has {desk.results!r}. Only an `Exception` is a result.", hint=2)


@check("a job that another one has started comes back to `run`, not to that one", needs=keeps_results)
def owes_nothing(answer: Answer) -> None:
    """The one who has started them pauses, has ended, or has failed, when they end."""
    error = LookupError("no such card")

    def ends(value: str) -> str:
        if value == "fails":
            raise error
        return value

    for fate in ("pauses", "has ended", "has failed"):
        desk, said = answer.Desk(), []

        def starts(fate: str = fate, desk: Any = desk, said: list[Any] = said) -> str:
            desk.start("good", ends, "good")
            desk.start("bad", ends, "fails")
            if fate == "pauses":
                said.append(desk.pause())
                said.append(desk.pause())
            if fate == "has failed":
                raise ValueError(fate)
            return "Ada is done"

        desk.start("Ada", starts)
        story = f"Ada starts two jobs, one of which raises LookupError. She {fate} when they end"
        run(desk, story)
        turns = ["Ada", "good", "bad"] + ["Ada", "Ada"] * (fate == "pauses")
        expect(said, [None, None] if fate == "pauses" else [], f"{story}. What her calls of `pause` return", hint=2)
        expect(desk.log, turns, f"{story}. The log", hint=2)
        expect(desk.results.get("good"), "good", f"{story}. The result of the other one", hint=2)
        require(desk.results.get("bad") is error, f"{story}. results['bad'] is not that exception.", hint=2)
        if fate != "has failed":
            expect(desk.results.get("Ada"), "Ada is done", f"{story}. Her own result", hint=2)


@check("`pause` is harmless where no job has its turn, and `run` works in any greenlet", needs=owes_nothing)
def pauses_nobody_else(answer: Answer) -> None:
    """Before and after a run, in a greenlet that is no job; then a desk in a job of another desk."""
    desk = answer.Desk()

    def pause(when: str, *, inside: bool) -> None:
        turns = len(desk.log)
        try:
            got = greenlet(desk.pause).switch() if inside else desk.pause()
        except Exception as error:
            require(False, f"`pause` is called {when}, and raises {type(error).__name__}: {error}", hint=3)
        expect(got, None, f"`pause` is called {when}, and returns something", hint=3)
        expect(len(desk.log), turns, f"`pause` is called {when}; the number of turns changes", hint=3)

    for inside in (False, True):
        where = "in a greenlet that is no job" if inside else "by the main program"
        pause(f"before the first run, {where}", inside=inside)
    desk.start("Ada", desk.pause)
    desk.start("Grace", lambda: 1 / 0)
    pause("when jobs are started and `run` is not yet called", inside=False)
    run(desk, "Ada pauses once, Grace fails")
    expect(desk.log, ["Ada", "Grace", "Ada"], "Ada pauses once, Grace fails. The log", hint=3)
    for inside in (False, True):
        where = "in a greenlet that is no job" if inside else "by the main program"
        pause(f"after a run, {where}", inside=inside)

    outer, said = answer.Desk(), []
    inner = answer.Desk()

    def small_desk() -> str:
        for name in ("Ada", "Alan"):
            inner.start(name, member(inner, said, name, 1))
        outer.pause()
        inner.run()
        said.append("the small desk closes")
        outer.pause()
        return "closed"

    outer.start("small desk", small_desk)
    outer.start("Grace", member(outer, said, "Grace", 2))
    story = "A job of one desk runs another desk, with two jobs"
    done = greenlet(lambda: (run(outer, story), "ran")[1], parent=getcurrent()).switch()
    expect(done, "ran", f"{story}; all of that in a greenlet of its own, which returns something else", hint=3)
    expect(said, ["Grace 0", "Ada 0", "Alan 0", "Ada goes", "Alan goes", "the small desk closes", "Grace 1",
                  "Grace goes"], f"{story}; Grace is a job of the outer one. What was said, in order", hint=3)
    expect(outer.results, {"small desk": "closed", "Grace": "Grace is done"}, f"{story}. Results of the outer one",
           hint=3)

    story = "A job of one desk calls `pause` of another desk, which has no turn"
    busy, idle = answer.Desk(), answer.Desk()
    busy.start("Ada", idle.pause)
    run(busy, story)
    expect(busy.log, ["Ada"], f"{story}. The log of the first desk", hint=3)
    upper, lower = answer.Desk(), answer.Desk()
    story = "A job of one desk runs another desk, whose job calls `pause` of the first one"
    lower.start("Grace", upper.pause)
    upper.start("Ada", lower.run)
    run(upper, story)
    expect([upper.log, lower.log], [["Ada"], ["Grace"]], f"{story}. Both logs", hint=3)
