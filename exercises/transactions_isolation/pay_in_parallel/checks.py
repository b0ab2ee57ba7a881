"""Payments are made one by one, with a wrong name, while refused, fifty at once, and in opposite directions."""

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
# PostgreSQL chooses how it finds rows, and so in which order: here each of the two ways is made the only one.
BY_INDEX = " -c enable_seqscan=off -c enable_bitmapscan=off"
BY_TABLE = " -c enable_indexscan=off -c enable_bitmapscan=off"
SHARE = "BEGIN; LOCK TABLE account IN SHARE MODE"  # everybody may read and lock rows, nobody may write
REFUSALS = 10
RUNNING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) = 0"

# Sessions that wait for nothing and have sent nothing for two seconds; one that asks again and again is not among them.
STILL = """SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND cardinality(pg_blocking_pids(pid)) = 0
           AND coalesce(query_start, backend_start) < clock_timestamp() - interval '2 s'"""


def connect(database: str, plan: str = "") -> Connection:
    """Open a connection in autocommit mode; `plan` restricts how its statements find their rows."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS + plan)


def require_ended(db: Connection, done: str) -> None:
    """Fail when a transaction is open after what was `done`."""
    status = db.info.transaction_status.name
    require(status == "IDLE", f"{done} and has left its transaction open (status {status}): nothing is committed, "
                              "and its locks stay", hint=2)


def credits(database: str) -> dict[str, int]:
    """Read all accounts, on a connection of our own: only what is committed counts."""
    with connect(database) as db:
        return dict(db.execute("SELECT owner, credit FROM account ORDER BY owner").fetchall())


def outcome(call: "Future[Any]") -> Any:
    """Return what the call returned, or say which exception it raised."""
    try:
        return call.result()
    except Exception as error:
        return f"raises {type(error).__name__}"


def wait_until_stopped(watch: Connection, sessions: list[int], calls: list["Future[Any]"],
                       beyond: int | None = None) -> None:
    """Return when each session waits for a lock or all calls have ended; none may still wait for session `beyond`.

    A call that asks again and again never waits: after five seconds it is left to that.
    """
    deadline = time.monotonic() + 5
    while pending := sum(not call.done() for call in calls):
        (running,) = watch.execute(RUNNING, [sessions]).fetchone() or (0,)
        held_up = any(beyond in watch.execute("SELECT pg_blocking_pids(%s)", [pid]).fetchone()[0] for pid in sessions)
        if not held_up and running <= max(0, len(sessions) - pending):
            return
        if time.monotonic() > deadline:
            (still,) = watch.execute(STILL, [sessions]).fetchone() or (0,)
            require(still <= max(0, len(sessions) - pending), "`pay` neither returns nor waits for a lock of the "
                    "database: a lock in Python holds back its own program only", hint=2)
            return
        time.sleep(0.005)


@check("a payment moves the amount, and never more than there is", timeout=30)
def moves_the_amount(answer: Answer, database: str) -> None:
    with connect(database) as db:
        expect(answer.pay(db, "Ada", "Bob", 15), "paid", 'Ada has 20: pay(db, "Ada", "Bob", 15)', hint=1)
        require_ended(db, '`pay` has returned "paid"')
        expect(credits(database), {"Ada": 5, "Bob": 15, "Cleo": 10, "Dan": 10}, "The accounts after Ada paid Bob 15")
        expect(answer.pay(db, "Ada", "Bob", 6), "not enough", 'Ada has 5: pay(db, "Ada", "Bob", 6)')
        require_ended(db, '`pay` has returned "not enough"')
        expect(answer.pay(db, "Ada", "Bob", 5), "paid", 'Ada has 5: pay(db, "Ada", "Bob", 5)')
    expect(credits(database), {"Ada": 0, "Bob": 20, "Cleo": 10, "Dan": 10}, "The accounts after Ada paid all she had")


@check("a payment to or from somebody without an account changes nothing", needs=moves_the_amount, timeout=30)
def unknown_changes_nothing(answer: Answer, database: str) -> None:
    before = credits(database)
    with connect(database) as db:
        for payer, payee in (("Ada", "Zoe"), ("Zoe", "Ada")):
            tried = f'Zoe has no account: pay(db, "{payer}", "{payee}", 5)'
            expect_raises(LookupError, lambda: answer.pay(db, payer, payee, 5), tried, hint=2)  # noqa: B023
            require_ended(db, "`pay` has raised LookupError")
            expect(credits(database), before, f"The accounts after {tried}", hint=2)


def comes_to_a_stop(watch: Connection, session: Connection, call: "Future[Any]") -> bool:
    """Return whether the session waits for a lock; False when the call ends, or has done neither for five seconds."""
    deadline = time.monotonic() + 5
    while not call.done() and time.monotonic() < deadline:
        if watch.execute(RUNNING, [[session.info.backend_pid]]).fetchone() == (0,):
            return not call.done()
        time.sleep(0.005)
    return False


def changes_the_row(gate: Connection) -> bool:
    """Write Ada's account anew with the same credit; False when somebody holds the row, who then is not refused."""
    try:
        gate.execute("SELECT FROM account WHERE owner = 'Ada' FOR UPDATE NOWAIT")
    except psycopg.errors.LockNotAvailable:
        return False
    gate.execute("UPDATE account SET credit = credit WHERE owner = 'Ada'")
    return True


@check("a call pays however often PostgreSQL refuses it", needs=moves_the_amount, timeout=60)
def pays_in_the_end(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        db, watch = (stack.enter_context(connect(database)) for _ in range(2))
        hands = stack.enter_context(ThreadPoolExecutor(2))
        gate, following = (stack.enter_context(connect(database)) for _ in range(2))
        gate.execute(SHARE)
        call = hands.submit(answer.pay, db, "Ada", "Bob", 4)
        for _ in range(REFUSALS):
            # The call has read and comes to its write: now somebody else changes the row. The next gate stands in
            # line behind the call, so it is closed before the call can come again.
            if not comes_to_a_stop(watch, db, call) or not changes_the_row(gate):
                break
            closing = hands.submit(following.execute, SHARE)
            comes_to_a_stop(watch, following, closing)
            gate.execute("COMMIT")
            closing.result()
            gate, following = following, gate
        gate.execute("ROLLBACK")
        said = outcome(call)
    expect(said, "paid", f'Ada has 20: pay(db, "Ada", "Bob", 4), while her row is changed {REFUSALS} times, each time '
                         "between the call's reading and its writing", hint=2)
    expect(credits(database), {"Ada": 16, "Bob": 4, "Cleo": 10, "Dan": 10}, "The accounts after that")


@check("fifty calls at once pay exactly what there is", needs=moves_the_amount, timeout=30)
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
        gate.execute(SHARE)  # the first ten stand before their first write, or wait for one who does, when it opens
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
        cleo, dan, watch = (stack.enter_context(connect(database, plan)) for plan in (BY_INDEX, BY_TABLE, ""))
        sessions = [cleo.info.backend_pid, dan.info.backend_pid]
        tills = stack.enter_context(ThreadPoolExecutor(2))
        first, second = (stack.enter_context(connect(database)) for _ in range(2))
        # Both accounts are held; Cleo's is freed first. A call that wants Dan's next then holds one and waits for
        # the other, and the order of the locks alone decides whether the two calls meet in a circle. Who asks for
        # both rows in one statement gets Cleo's first by the index, and Dan's first by the table.
        first.execute("BEGIN; SELECT FROM account WHERE owner = 'Cleo' FOR UPDATE")
        second.execute("BEGIN; SELECT FROM account WHERE owner = 'Dan' FOR UPDATE")
        calls = [tills.submit(answer.pay, cleo, "Cleo", "Dan", 4), tills.submit(answer.pay, dan, "Dan", "Cleo", 1)]
        wait_until_stopped(watch, sessions, calls)
        first.execute("COMMIT")
        wait_until_stopped(watch, sessions, calls, beyond=first.info.backend_pid)
        second.execute("COMMIT")
        said = sorted(outcome(call) for call in calls)
    expect(said, ["paid", "paid"], "Cleo pays Dan 4 while Dan pays Cleo 1: the two answers (where one "
                                     "statement asks for both rows, one call gets them by the index and the other by "
                                     "the table, so in another order, unless you name one)", hint=2)
    expect(credits(database), {"Ada": 20, "Bob": 0, "Cleo": 7, "Dan": 13}, "The accounts after both have paid")
