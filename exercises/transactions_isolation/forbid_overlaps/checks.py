"""Bookings are written one after the other, and two at the same moment."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg

from course.check import TextAnswer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=60s -c statement_timeout=60s"
BOOK = "INSERT INTO booking (seat, member, during, cancelled) VALUES (%s, %s, tsrange(%s, %s), %s)"


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


def prepare(answer: TextAnswer, database: str) -> None:
    """Run the answer in the fresh database."""
    problem = ""
    with connect(database) as db:
        try:
            db.execute(answer.text)
        except psycopg.Error as error:
            problem = error.diag.message_primary or str(error)
    require(not problem, f"PostgreSQL does not accept your statement: {problem}")


def book(db: Connection, seat: int, start: str, end: str, *, member: str = "Ada", cancelled: bool = False) -> str:
    """Try to book, and say "booked" or "refused"; any other error says its name."""
    try:
        db.execute(BOOK, [seat, member, f"2026-05-04 {start}", f"2026-05-04 {end}", cancelled])
        return "booked"
    except psycopg.IntegrityError:
        return "refused"
    except psycopg.Error as error:
        return type(error).__name__


@check("overlapping bookings of one seat are refused", timeout=30)
def refuses_overlaps(answer: TextAnswer, database: str) -> None:
    prepare(answer, database)
    with connect(database) as db:
        expect(book(db, 7, "09:00", "11:00"), "booked", "Seat 7 is free and Ada books it from 09:00 to 11:00")
        for member in ("Bob", "Ada"):
            for start, end in (("09:00", "11:00"), ("10:59", "12:00"), ("08:00", "09:01"), ("09:30", "10:00"),
                               ("08:00", "12:00")):
                expect(book(db, 7, start, end, member=member), "refused",
                       f"Ada has booked seat 7 from 09:00 to 11:00, and now {member} books it from {start} to {end}",
                       hint=1)


@check("another seat, and a time that only touches, are free", needs=refuses_overlaps, timeout=30)
def lets_the_rest_through(answer: TextAnswer, database: str) -> None:
    prepare(answer, database)
    with connect(database) as db:
        for seat, start, end, what in ((7, "09:00", "11:00", "a free seat"), (8, "09:00", "11:00", "another seat"),
                                       (8, "13:00", "14:00", "a later hour"), (7, "11:00", "12:00", "the hour after"),
                                       (7, "08:00", "09:00", "the hour before")):
            expect(book(db, seat, start, end), "booked",
                   f"Seats 7 and then 8 are booked from 09:00 to 11:00; seat {seat} from {start} to {end}: {what}",
                   hint=2)


@check("a cancelled booking stands in nobody's way", needs=refuses_overlaps, timeout=30)
def ignores_cancelled(answer: TextAnswer, database: str) -> None:
    prepare(answer, database)
    with connect(database) as db:
        expect(book(db, 7, "09:00", "11:00"), "booked", "Seat 7 is free and booked from 09:00 to 11:00")
        db.execute("UPDATE booking SET cancelled = true")
        expect(book(db, 7, "10:00", "12:00"), "booked",
               "The booking from 09:00 to 11:00 was cancelled, and the seat is booked from 10:00 to 12:00", hint=2)
        expect(book(db, 7, "10:00", "12:00", cancelled=True), "booked", "A row that is cancelled from the beginning",
               hint=2)
        expect(book(db, 7, "11:00", "13:00"), "refused",
               "Seat 7 is booked from 10:00 to 12:00, and now from 11:00 to 13:00 as well", hint=2)


@check("of two bookings at the same moment one is refused", needs=refuses_overlaps, points=2, timeout=120)
def decides_between_two(answer: TextAnswer, database: str) -> None:
    prepare(answer, database)
    for end, want in (("COMMIT", "refused"), ("ROLLBACK", "booked")):
        with ExitStack() as stack:
            bob, watch = (stack.enter_context(connect(database)) for _ in range(2))
            hand = stack.enter_context(ThreadPoolExecutor(1))
            ada = stack.enter_context(connect(database))
            ada.execute("DELETE FROM booking")
            ada.execute("BEGIN")
            expect(book(ada, 7, "09:00", "11:00"), "booked", "Ada books a free seat in an open transaction")
            call = hand.submit(book, bob, 7, "10:00", "12:00", member="Bob")
            deadline = time.monotonic() + 40
            while not call.done() and watch.execute("SELECT cardinality(pg_blocking_pids(%s))",
                                                    [bob.info.backend_pid]).fetchone() == (0,):
                require(time.monotonic() < deadline, "Bob's INSERT neither ends nor waits for Ada's transaction")
                time.sleep(0.005)
            ada.execute(end)
            expect(call.result(), want, "Ada has booked seat 7 from 09:00 to 11:00 and not committed; Bob books it "
                                        f"from 10:00 to 12:00; then Ada's transaction ends with {end}: Bob's booking",
                   hint=2)
