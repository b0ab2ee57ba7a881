"""Payments are made one by one, with a wrong name, fifty at once, and in opposite directions."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Any

import psycopg

from course.check import Answer, check, expect, expect_raises, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=15s -c statement_timeout=20s -c deadlock_timeout=100ms"
RUNNING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) = 0"


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


def credits(database: str) -> dict[str, int]:
    """Read all accounts, on a connection of our own: only what is committed counts."""
    with connect(database) as db:
        return dict(db.execute("SELECT owner, credit FROM account ORDER BY owner").fetchall())


def outcome(call: "Future[Any]") -> Any:
    """Return what the call returned, or say which of PostgreSQL's errors it raised."""
    try:
        return call.result()
    except psycopg.Error as error:
        return f"raises {type(error).__name__}"


def wait_until_stopped(watch: Connection, sessions: list[int], calls: list["Future[Any]"],
                       beyond: int | None = None) -> None:
    """Return when each session waits for a lock or all calls have ended; none may still wait for session `beyond`."""
    deadline = time.monotonic() + 10
    while pending := sum(not call.done() for call in calls):
        (running,) = watch.execute(RUNNING, [sessions]).fetchone() or (0,)
        held_up = any(beyond in watch.execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone()[0] for pid in sessions)
        if not held_up and running <= max(0, len(sessions) - pending):
            return
        require(time.monotonic() < deadline, "`pay` finds an account in use and neither waits for it nor returns")
        time.sleep(0.005)


@check("a payment moves the amount, and never more than there is", timeout=30)
def moves_the_amount(answer: Answer, database: str) -> None:
    with connect(database) as db:
        expect(answer.pay(db, "Ada", "Bob", 15), "paid", 'Ada has 20: pay(db, "Ada", "Bob", 15)', hint=1)
        expect(credits(database), {"Ada": 5, "Bob": 15, "Cleo": 10, "Dan": 10}, "The accounts after Ada paid Bob 15")
        expect(answer.pay(db, "Ada", "Bob", 6), "not enough", 'Ada has 5: pay(db, "Ada", "Bob", 6)')
        expect(answer.pay(db, "Ada", "Bob", 5), "paid", 'Ada has 5: pay(db, "Ada", "Bob", 5)')
    expect(credits(database), {"Ada": 0, "Bob": 20, "Cleo": 10, "Dan": 10}, "The accounts after Ada paid all she had")


@check("a payment to or from somebody without an account changes nothing", needs=moves_the_amount, timeout=30)
def unknown_changes_nothing(answer: Answer, database: str) -> None:
    before = credits(database)
    with connect(database) as db:
        for payer, payee in (("Ada", "Zoe"), ("Zoe", "Ada")):
            tried = f'Zoe has no account: pay(db, "{payer}", "{payee}", 5)'
            expect_raises(LookupError, lambda: answer.pay(db, payer, payee, 5), tried, hint=2)  # noqa: B023
            expect(credits(database), before, f"The accounts after {tried}", hint=2)


@check("fifty calls at once pay exactly what there is", needs=moves_the_amount, points=2, timeout=30)
def fifty_at_once(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        free: SimpleQueue[Connection] = SimpleQueue()
        sessions = [stack.enter_context(connect(database)) for _ in range(10)]
        for db in sessions:
            free.put(db)

        def pay_four(_: int) -> Any:
            db = free.get()
            try:
                return answer.pay(db, "Ada", "Bob", 4)
            finally:
                free.put(db)

        tills = stack.enter_context(ThreadPoolExecutor(10))
        gate = stack.enter_context(connect(database))
        # SHARE lets everybody read and lock rows, but lets nobody write: the first ten all stand before their first
        # write, or wait for one who does, when it opens.
        gate.execute("BEGIN; LOCK TABLE account IN SHARE MODE")
        calls = [tills.submit(pay_four, number) for number in range(50)]
        wait_until_stopped(stack.enter_context(connect(database)), [db.info.backend_pid for db in sessions], calls)
        gate.execute("COMMIT")
        said = [outcome(call) for call in calls]
    counts = {word: said.count(word) for word in sorted(set(said), key=str)}
    expect(counts, {"not enough": 45, "paid": 5}, "Ada has 20, and fifty calls at once pay Bob 4 each: the answers",
           hint=2)
    expect(credits(database), {"Ada": 0, "Bob": 20, "Cleo": 10, "Dan": 10}, "The accounts after fifty calls at once",
           hint=2)


@check("two members who pay each other at the same moment both succeed", needs=moves_the_amount, timeout=30)
def opposite_directions(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        cleo, dan, watch = (stack.enter_context(connect(database)) for _ in range(3))
        sessions = [cleo.info.backend_pid, dan.info.backend_pid]
        tills = stack.enter_context(ThreadPoolExecutor(2))
        first, second = (stack.enter_context(connect(database)) for _ in range(2))
        # Both accounts are held; Cleo's is freed first. A call that wants Dan's next then holds one and waits for
        # the other, and the order of the locks alone decides whether the two calls meet in a circle.
        first.execute("BEGIN; SELECT FROM account WHERE owner = 'Cleo' FOR UPDATE")
        second.execute("BEGIN; SELECT FROM account WHERE owner = 'Dan' FOR UPDATE")
        calls = [tills.submit(answer.pay, cleo, "Cleo", "Dan", 4), tills.submit(answer.pay, dan, "Dan", "Cleo", 1)]
        wait_until_stopped(watch, sessions, calls)
        first.execute("COMMIT")
        wait_until_stopped(watch, sessions, calls, beyond=first.info.backend_pid)
        second.execute("COMMIT")
        said = sorted(outcome(call) for call in calls)
    expect(said, ["paid", "paid"], "Cleo pays Dan 4 while Dan pays Cleo 1: the two answers", hint=2)
    expect(credits(database), {"Ada": 20, "Bob": 0, "Cleo": 7, "Dan": 13}, "The accounts after both have paid")
