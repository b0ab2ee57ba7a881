"""Seats are saved one after the other, from old forms, and twice at the same moment."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import psycopg

from course.check import Answer, check, expect, expect_raises, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s"
PATIENCE = 20  # seconds until a wait that does not come is given up; a right answer ends it by itself, however slow
RUNNING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE cardinality(pg_blocking_pids(pid)) = 0"

# Sessions that wait for nothing and have sent nothing for ten seconds; one that asks again and again is not among them.
STILL = """SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s) AND cardinality(pg_blocking_pids(pid)) = 0
           AND coalesce(query_start, backend_start) < clock_timestamp() - interval '10 s'"""


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


def require_ended(db: Connection, done: str) -> None:
    """Fail when a transaction is open after what was `done`."""
    status = db.info.transaction_status.name
    require(status == "IDLE", f"{done} and left its transaction open (status {status}): nothing is committed, and its "
                              "locks stay", hint=3)


class Interrupted(psycopg.Connection[tuple[Any, ...]]):
    """A connection on which something happens right after the first UPDATE."""

    meanwhile: Callable[[], None] | None = None

    def execute(self, *args: Any, **options: Any) -> Any:
        """Send a statement."""
        cursor = super().execute(*args, **options)
        if self.meanwhile and cursor.statusmessage == "UPDATE 1":
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return cursor


def row(database: str, number: int = 7) -> Any:
    """Read a seat on a connection of our own: only what is committed counts."""
    with connect(database) as db:
        return db.execute("SELECT member, note, version FROM seat WHERE number = %s", [number]).fetchone()


def outcome(answer: Answer, call: "Future[Any]") -> str:
    """Say what became of a call of `save`."""
    try:
        return f"saved as version {call.result().version}"
    except answer.StaleError:
        return "raises StaleError"
    except psycopg.Error as error:
        return f"raises {type(error).__name__}"


@check("a seat is saved with the next version, and can be saved again", timeout=30)
def saves(answer: Answer, database: str) -> None:
    with connect(database) as db:
        seat = replace(answer.look(db, 7), member="Ada")
        got = answer.save(db, seat)
        require_ended(db, "`save` has returned")
        expect(got, answer.Seat(7, "Ada", "by the window", 2), "Seat 7 at version 1 is saved for Ada: the result")
        expect(row(database), ("Ada", "by the window", 2), "The row of seat 7 after that: member, note, version",
               hint=3)
        expect(row(database, 8), ("Ada", "by the door", 1), "Seat 7 at version 1 is saved; the row of seat 8, which "
                                                            "has version 1 as well and which nobody has saved", hint=3)
        again = answer.save(db, replace(got, note="lamp broken"))
        expect(again, answer.Seat(7, "Ada", "lamp broken", 3), "The saved seat gets a note and is saved again")
    expect(row(database), ("Ada", "lamp broken", 3), "The row of seat 7 after that: member, note, version")


@check("an old form is refused, whatever has changed", needs=saves, timeout=30)
def refuses_old_forms(answer: Answer, database: str) -> None:
    with connect(database) as db:
        form = answer.look(db, 7)
        booked = answer.save(db, replace(form, member="Bob"))
        late = replace(form, note="lamp broken")
        expect_raises(answer.StaleError, lambda: answer.save(db, late),
                      "Bob has booked seat 7 since the form was read, and the form is saved with a note", hint=2)
        require_ended(db, "`save` has raised StaleError")
        expect(row(database), ("Bob", "by the window", 2), "The row after an old form was refused")
        answer.save(db, replace(booked, member=None))
        expect_raises(answer.StaleError, lambda: answer.save(db, late),
                      "Bob has booked seat 7 and given it back since the form was read, and the form is saved", hint=2)
    expect(row(database), (None, "by the window", 3), "The row after Bob gave the seat back")


@check("a seat that is no longer there is refused", needs=saves, timeout=30)
def refuses_lost_seats(answer: Answer, database: str) -> None:
    with connect(database) as db:
        form = answer.look(db, 7)
        db.execute("DELETE FROM seat WHERE number = 7")
        expect_raises(answer.StaleError, lambda: answer.save(db, replace(form, member="Ada")),
                      "Seat 7 was taken out of the plan since the form was read", hint=2)
    expect(row(database), None, "The row of seat 7, which was taken out of the plan")


@check("what comes back is what was saved, and not what others made of it", needs=saves, timeout=30)
def returns_its_own(answer: Answer, database: str) -> None:
    def ben_saves() -> None:
        with connect(database) as ben:
            try:
                ben.execute("SELECT FROM seat WHERE number = 7 FOR UPDATE NOWAIT")
            except psycopg.errors.LockNotAvailable:
                return  # Ann has not committed yet, so nobody can come in between
            ben.execute("UPDATE seat SET member = 'Bob', version = version + 1 WHERE number = 7")

    with Interrupted.connect(database, autocommit=True, options=OPTIONS) as ann:
        form = replace(answer.look(ann, 7), member="Ada")
        ann.meanwhile = ben_saves
        got = answer.save(ann, form)
    expect(got, answer.Seat(7, "Ada", "by the window", 2), "Ann saves seat 7 for Ada, and if her UPDATE is committed "
           "at once, Ben saves it for Bob right after it: what Ann's `save` returns", hint=3)


@check("of two who save the same version at once, one succeeds", needs=saves, timeout=90)
def one_of_two(answer: Answer, database: str) -> None:
    with ExitStack() as stack:
        ann, ben = (stack.enter_context(connect(database)) for _ in range(2))
        hands = stack.enter_context(ThreadPoolExecutor(2))
        watch, gate = (stack.enter_context(connect(database)) for _ in range(2))
        forms = {ann: replace(answer.look(ann, 7), member="Ada"), ben: replace(answer.look(ben, 7), member="Bob")}
        # SHARE lets everybody read and lock rows, but lets nobody write: both stand before their first write, or
        # one waits for the other, when the gate opens.
        gate.execute("BEGIN; LOCK TABLE seat IN SHARE MODE")
        calls = {hands.submit(answer.save, db, form): db.info.backend_pid for db, form in forms.items()}
        deadline = time.monotonic() + PATIENCE
        while pending := [pid for call, pid in calls.items() if not call.done()]:
            if watch.execute(RUNNING, [pending]).fetchone() == (0,):
                break
            if time.monotonic() > deadline:
                require(watch.execute(STILL, [pending]).fetchone() == (0,), "`save` neither returns nor waits for a "
                        "lock of the database: a lock in Python holds back its own program only", hint=1)
                break  # it asks again and again
            time.sleep(0.005)
        gate.execute("COMMIT")
        said = sorted(outcome(answer, call) for call in calls)
    expect(said, ["raises StaleError", "saved as version 2"], "Ann and Ben save version 1 of seat 7 at once", hint=1)
    expect(row(database)[2], 2, "The version in the row after that")


def save_beside(answer: Answer, database: str, bens: str, end: str) -> str:
    """Say what becomes of saving seat 7 while Ben has changed it in an open transaction, which then ends."""
    with ExitStack() as stack:
        db, watch = (stack.enter_context(connect(database)) for _ in range(2))
        hand = stack.enter_context(ThreadPoolExecutor(1))
        ben = stack.enter_context(connect(database))
        form = replace(answer.look(db, 7), member="Ada")
        ben.execute(f"BEGIN; {bens}")
        call = hand.submit(answer.save, db, form)
        deadline = time.monotonic() + PATIENCE  # an answer that asks again and again never waits
        while not call.done() and time.monotonic() < deadline:
            if watch.execute(RUNNING, [[db.info.backend_pid]]).fetchone() == (0,):
                break
            time.sleep(0.005)
        ben.execute(end)
        return outcome(answer, call)


@check("a row that somebody is changing has changed when they commit", needs=saves, timeout=90)
def waits_for_the_writer(answer: Answer, database: str) -> None:
    book, give_back = (f"UPDATE seat SET member = {member}, version = version + 1 WHERE number = 7"
                       for member in ("'Bob'", "NULL"))
    expect(save_beside(answer, database, f"{book}; {give_back}", "COMMIT"), "raises StaleError",
           "Ann saves seat 7 while Ben has booked it and given it back in an open transaction, which is then committed",
           hint=2)
    expect(row(database), (None, "by the window", 3), "The row of seat 7 after that: member, note, version")
    expect(save_beside(answer, database, book, "ROLLBACK"), "saved as version 4",
           "Ann saves seat 7 while Ben has changed it in an open transaction, which is then rolled back", hint=2)
    expect(row(database), ("Ada", "by the window", 4), "The row of seat 7 after that: member, note, version")
