"""Payments: one by one, with a wrong name, while refused, fifty at once, crosswise, and beside other programs."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from threading import Barrier
from typing import Any

import psycopg

from course.check import Answer, check, expect, expect_raises, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s -c deadlock_timeout=100ms"
# PostgreSQL chooses how it finds rows, and so in which order: here each of the two ways is made the only one.
BY_INDEX = " -c enable_seqscan=off -c enable_bitmapscan=off"
BY_TABLE = " -c enable_indexscan=off -c enable_bitmapscan=off"
SHARE = "BEGIN; LOCK TABLE account IN SHARE MODE"  # everybody may read and lock rows, nobody may write
REFUSALS = 10
PATIENCE = 20  # seconds until a wait that does not come is given up; a right answer ends it by itself, however slow
RUNNING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) = 0"

# Sessions that wait for nothing and have sent nothing for ten seconds; one that asks again and again is not among them.
STILL = """SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND cardinality(pg_blocking_pids(pid)) = 0
           AND coalesce(query_start, backend_start) < clock_timestamp() - interval '10 s'"""


class EndlessError(BaseException):
    """There were too many statements."""


class Limited(psycopg.Connection[tuple[Any, ...]]):
    """A connection that is good for so many statements: a call that asks again and again comes to an end."""

    left = 300

    def execute(self, *args: Any, **options: Any) -> Any:
        """Send a statement, if there is one left."""
        self.left -= 1
        if self.left < 0:
            raise EndlessError
        return super().execute(*args, **options)


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
    except EndlessError:
        return "asks again and again"
    except Exception as error:
        return f"raises {type(error).__name__}"


def wait_until_stopped(watch: Connection, sessions: list[int], calls: list["Future[Any]"],
                       beyond: int | None = None) -> None:
    """Return when each session waits for a lock or all calls have ended; none may still wait for session `beyond`.

    A call that asks again and again never waits: after a while it is left to that.
    """
    deadline = time.monotonic() + PATIENCE
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


@check("an exception that is no refusal comes out", needs=moves_the_amount, timeout=60)
def lets_errors_out(answer: Answer, database: str) -> None:
    full = 2**31 - 1  # the greatest int
    with ExitStack() as stack:
        db = stack.enter_context(Limited.connect(database, autocommit=True, options=OPTIONS))
        till = stack.enter_context(ThreadPoolExecutor(1))
        stack.enter_context(connect(database)).execute("UPDATE account SET credit = %s WHERE owner = 'Bob'", [full])
        said = outcome(till.submit(answer.pay, db, "Ada", "Bob", 5))
        expect(said, "raises NumericValueOutOfRange", "Bob has as much as an `int` of PostgreSQL holds, and "
                                                      'pay(db, "Ada", "Bob", 5) is called', hint=3)
        require_ended(db, "`pay` has raised NumericValueOutOfRange")
    expect(credits(database), {"Ada": 20, "Bob": full, "Cleo": 10, "Dan": 10}, "The accounts after that")


def comes_to_a_stop(watch: Connection, session: Connection, call: "Future[Any]") -> bool:
    """Return whether the session waits for a lock; False when the call ends, or has done neither for long."""
    deadline = time.monotonic() + PATIENCE
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


@check("a call pays however often PostgreSQL refuses it", needs=moves_the_amount, timeout=120)
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


@check("a call waits for who is writing, and then goes by what was written", needs=moves_the_amount, timeout=90)
def goes_by_what_was_written(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        watch = stack.enter_context(connect(database))
        db = stack.enter_context(Limited.connect(database, autocommit=True, options=OPTIONS))
        till = stack.enter_context(ThreadPoolExecutor(1))
        other = stack.enter_context(connect(database))
        other.execute("BEGIN; UPDATE account SET credit = 3 WHERE owner = 'Ada'")
        call = till.submit(answer.pay, db, "Ada", "Bob", 4)
        comes_to_a_stop(watch, db, call)
        other.execute("COMMIT")
        said = outcome(call)
    expect(said, "not enough", 'A program that knows nothing of `pay` has set Ada\'s 20 to 3; pay(db, "Ada", "Bob", 4) '
                               "comes, and then that program commits", hint=2)
    expect(credits(database), {"Ada": 3, "Bob": 0, "Cleo": 10, "Dan": 10}, "The accounts after that", hint=2)


@check("fifty calls at once pay exactly what there is", needs=goes_by_what_was_written, timeout=120)
def fifty_at_once(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        free: SimpleQueue[Connection] = SimpleQueue()
        sessions = [stack.enter_context(connect(database)) for _ in range(10)]
        first_ten = Barrier(len(sessions))
        for db in sessions:
            free.put(db)

        def pay_four(number: int) -> Any:
            db = free.get()
            try:
                return answer.pay(db, "Ada", "Bob", 4)
            finally:
                if number < len(sessions):  # PostgreSQL may let a call that comes later go before those that wait
                    first_ten.wait()
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


@check("two members who pay each other at the same moment both succeed", needs=goes_by_what_was_written, timeout=120)
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
