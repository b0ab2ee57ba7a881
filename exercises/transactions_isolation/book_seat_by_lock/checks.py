"""Seats are booked one by one, by two members at once, three times at once for one member, and beside each other."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg

from course.check import Answer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s -c deadlock_timeout=100ms"
PATIENCE = 20  # seconds until a wait that does not come is given up; a right answer ends it by itself, however slow
RUNNING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) = 0"

# Sessions that wait for nothing and have sent nothing for ten seconds; one that asks again and again is not among them.
STILL = """SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND cardinality(pg_blocking_pids(pid)) = 0
           AND coalesce(query_start, backend_start) < clock_timestamp() - interval '10 s'"""


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


def require_ended(db: Connection, said: str) -> None:
    """Fail when a transaction is open after `book_seat` has said something."""
    status = db.info.transaction_status.name
    require(status == "IDLE", f'`book_seat` has returned "{said}" and left its transaction open (status {status}): '
                              "nothing is committed, and its locks stay", hint=1)


def seats(database: str) -> dict[int, str]:
    """Read who has which seat, on a connection of our own: only what is committed counts."""
    with connect(database) as db:
        return dict(db.execute("SELECT number, member FROM seat WHERE member IS NOT NULL ORDER BY number").fetchall())


def outcome(call: "Future[Any]") -> Any:
    """Return what the call returned, or say which of PostgreSQL's errors it raised."""
    try:
        return call.result()
    except psycopg.Error as error:
        return f"raises {type(error).__name__}"


def book_together(answer: Answer, database: str, wishes: list[tuple[int, str]]) -> list[Any]:
    """Make all bookings at once, each on a connection of its own; return the answers, sorted.

    Nobody can write before all have either come to their first write or wait for another one: SHARE lets
    everybody read and lock rows, but lets nobody change one.
    """
    with ExitStack() as stack:
        sessions = [stack.enter_context(connect(database)) for _ in wishes]
        windows = stack.enter_context(ThreadPoolExecutor(len(wishes)))
        watch, gate = (stack.enter_context(connect(database)) for _ in range(2))
        gate.execute("BEGIN; LOCK TABLE seat IN SHARE MODE")
        calls = {windows.submit(answer.book_seat, db, *wish): db.info.backend_pid
                 for db, wish in zip(sessions, wishes, strict=True)}
        deadline = time.monotonic() + PATIENCE
        while pending := [pid for call, pid in calls.items() if not call.done()]:
            if watch.execute(RUNNING, [pending]).fetchone() == (0,):
                break
            if time.monotonic() > deadline:
                require(watch.execute(STILL, [pending]).fetchone() == (0,), "`book_seat` neither returns nor waits for "
                        "a lock of the database: a lock in Python holds back its own program only", hint=1)
                break  # it asks again and again
            time.sleep(0.005)
        gate.execute("COMMIT")
        return sorted(outcome(call) for call in calls)


@check("a free seat is booked, a taken one is not, nor a third one", timeout=30)
def follows_the_rules(answer: Answer, database: str) -> None:
    with connect(database) as db:
        for number, member, want in ((7, "Ada", "booked"), (7, "Bob", "taken"), (7, "Ada", "taken"),
                                     (8, "Ada", "booked"), (9, "Ada", "limit"), (7, "Ada", "taken")):
            expect(answer.book_seat(db, number, member), want, f'book_seat(db, {number}, "{member}")', hint=1)
            require_ended(db, want)
    expect(seats(database), {7: "Ada", 8: "Ada"}, "The seats after Ada has booked 7 and 8 and tried 9", hint=1)


@check("a seat is booked once when several want it at once", needs=follows_the_rules, timeout=90)
def one_owner(answer: Answer, database: str) -> None:
    said = book_together(answer, database, [(7, "Ada"), (7, "Bob"), (7, "Cleo")])
    expect(said, ["booked", "taken", "taken"], "Ada, Bob and Cleo book seat 7 at once: the answers", hint=1)


@check("a seat about which somebody is deciding is not taken yet", needs=follows_the_rules, timeout=90)
def waits_for_the_decision(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        db, watch = (stack.enter_context(connect(database)) for _ in range(2))
        window = stack.enter_context(ThreadPoolExecutor(1))
        other = stack.enter_context(connect(database))
        # Another booking has locked seat 7 and will come to nothing: its member has two seats.
        other.execute("BEGIN; SELECT FROM seat WHERE number = 7 FOR UPDATE")
        call = window.submit(answer.book_seat, db, 7, "Bob")
        deadline = time.monotonic() + PATIENCE  # an answer that asks again and again never waits
        while not call.done() and time.monotonic() < deadline:
            if watch.execute(RUNNING, [[db.info.backend_pid]]).fetchone() == (0,):
                break
            time.sleep(0.005)
        other.execute("ROLLBACK")
        said = outcome(call)
    expect(said, "booked", "Bob books seat 7 while another booking, which has locked its row, is about to be refused: "
                           "nobody owns the seat, before or after", hint=2)
    expect(seats(database), {7: "Bob"}, "The seats after that")


@check("a member with three windows gets two seats", needs=follows_the_rules, timeout=90)
def two_at_most(answer: Answer, database: str) -> None:
    circle = (" (who has changed `seat.member` holds a weak lock on the member's row, for the foreign key; two who "
              "hold it and both ask for FOR UPDATE wait for each other: lock the member before the UPDATE)")
    for _ in range(3):  # three times: on a busy machine those who meet badly may come one after the other
        with connect(database) as db:
            db.execute("UPDATE seat SET member = NULL")
        said = book_together(answer, database, [(1, "Cleo"), (2, "Cleo"), (3, "Cleo")])
        expect(said, ["booked", "booked", "limit"], "Cleo books seats 1, 2 and 3 at once: the answers"
               + circle * ("raises DeadlockDetected" in said), hint=2)
        expect(len(seats(database)), 2, "The number of seats that Cleo has then", hint=2)


@check("a booking that has nothing in common with another does not wait for it", needs=follows_the_rules, timeout=30)
def lets_others_by(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        db = stack.enter_context(connect(database))
        window = stack.enter_context(ThreadPoolExecutor(1))
        other = stack.enter_context(connect(database))
        # Another booking in the middle: Ada is about to get seat 1.
        other.execute("BEGIN; SELECT FROM member WHERE name = 'Ada' FOR UPDATE")
        other.execute("SELECT FROM seat WHERE number = 1 FOR UPDATE")
        other.execute("UPDATE seat SET member = 'Ada' WHERE number = 1")
        db.execute("SET lock_timeout = '2s'")
        said = outcome(window.submit(answer.book_seat, db, 2, "Bob"))
    expect(said, "booked", "Bob books seat 2 while a booking of seat 1 for Ada is not committed yet (after two "
                           "seconds of waiting: LockNotAvailable)", hint=2)
