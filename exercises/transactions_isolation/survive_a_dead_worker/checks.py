"""Workers that work, meet, find bad addresses, fail, and die: the server ends their connection in the middle."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import psycopg

from course.check import Answer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=2s -c statement_timeout=60s"
JOBS = list(range(1, 13))
PATIENCE = 60.0  # seconds: as long as a slow machine may need


def connect(database: str) -> Connection:
    """Open a connection in autocommit mode."""
    return psycopg.connect(database, autocommit=True, options=OPTIONS)


def send(db: Connection, job: int, member: str) -> None:
    """Send a reminder: a row in `sent`."""
    db.execute("INSERT INTO sent VALUES (%s, %s)", [job, member])


def left(database: str) -> dict[int, str | None]:
    """Read the jobs that are still there with their trouble, on a connection of our own."""
    with connect(database) as db:
        return dict(db.execute("SELECT id, trouble FROM job ORDER BY id").fetchall())


def sent(database: str) -> list[int]:
    """Read which jobs were sent, on a connection of our own: only what is committed counts."""
    with connect(database) as db:
        return [job for (job,) in db.execute("SELECT job FROM sent ORDER BY job").fetchall()]


def outcome(answer: Answer, db: Connection, send: Any = send) -> Any:
    """Return what a worker gets, or say which of PostgreSQL's errors came."""
    try:
        return answer.work_one(db, send)
    except psycopg.Error as error:
        return f"raises {type(error).__name__}"


def work_all(answer: Answer, db: Connection, send: Any = send) -> list[Any]:
    """Let a worker take jobs until there is none, and return what it got; an error of PostgreSQL ends it as well."""
    taken: list[Any] = []
    while len(taken) <= len(JOBS):
        try:
            job = answer.work_one(db, send)
        except psycopg.Error as error:
            return [*taken, f"raises {type(error).__name__}"]
        if job is None:
            break
        taken.append(job)
    return taken


@check("a worker does one job after the other, in order", timeout=30)
def works_in_order(answer: Answer, database: str) -> None:
    with connect(database) as db:
        got = answer.work_one(db, send)
        expect(got, 1, "There are jobs 1 to 12; the first call of work_one", hint=1)
        expect((sent(database), list(left(database))), ([1], JOBS[1:]), "What is sent and what is left after one call")
        expect(work_all(answer, db), JOBS[1:], "What the next calls return until one returns None")
    expect((sent(database), left(database)), (JOBS, {}), "What is sent and what is left after the last call")


@check("two workers never have the same job, and neither waits", needs=works_in_order, timeout=150)
def steps_around(answer: Answer, database: str) -> None:
    busy, finish = threading.Event(), threading.Event()

    def slow_send(db: Connection, job: int, member: str) -> None:
        send(db, job, member)
        busy.set()
        finish.wait(PATIENCE)

    with ExitStack() as stack:
        first, second = (stack.enter_context(connect(database)) for _ in range(2))
        hand = stack.enter_context(ThreadPoolExecutor(1))
        stack.callback(finish.set)
        job = hand.submit(answer.work_one, first, slow_send)
        require(busy.wait(PATIENCE), "A worker is started, and it does not call `send`")
        others = work_all(answer, second)
        finish.set()
        waited = " (LockNotAvailable: it has waited for two seconds, or asked with NOWAIT)"
        expect(others, JOBS[1:], "What a second worker gets while the first one is sending job 1"
               + waited * ("raises LockNotAvailable" in others), hint=2)
        expect(job.result(), 1, "What the first worker returns when it has sent job 1")
    expect((sent(database), left(database)), (JOBS, {}), "What is sent and what is left when both are done")


def die_with_a_job(answer: Answer, database: str, first_send: bool) -> bool:
    """Start a worker whose connection is cut while it sends; return whether it has noticed."""
    with connect(database) as watch, connect(database) as victim:
        def cut_off(db: Connection, job: int, member: str) -> None:
            if first_send:
                send(db, job, member)
            # As if the machine had lost power: the server ends the session and waits until it is gone.
            watch.execute("SELECT pg_terminate_backend(%s, 20000)", [db.info.backend_pid])
            db.execute("SELECT 'still alive'")

        try:
            answer.work_one(victim, cut_off)
        except psycopg.OperationalError:
            return True
    return False


@check("a worker that dies loses no job and sends none twice", needs=works_in_order, points=2, timeout=90)
def survives_death(answer: Answer, database: str) -> None:
    for first_send, job, when in ((False, 1, "before it has sent it"), (True, 2, "right after it has sent it")):
        require(die_with_a_job(answer, database, first_send),
                "The connection was cut in `send`, and `work_one` returns as if nothing had been")
        with connect(database) as db:
            expect(answer.work_one(db, send), job, f"A worker died with job {job}, {when}: what the next worker gets",
                   hint=1)
        expect(sent(database), list(range(1, job + 1)), f"A worker died with job {job}, {when}, and the next one came: "
                                                        "what is sent", hint=2)


@check("a bad address is noted, and the other jobs go on", needs=works_in_order, timeout=30)
def notes_trouble(answer: Answer, database: str) -> None:
    free: list[int] = []

    class MovedError(answer.BadAddressError):
        """Looks, when its text is asked for, which jobs another worker could take at this moment."""

        def __str__(self) -> str:
            with connect(database) as other:
                free.extend(job for (job,) in other.execute("SELECT id FROM job WHERE trouble IS NULL AND id = 1 "
                                                            "FOR UPDATE SKIP LOCKED"))
            return str(self.args[0])

    def picky_send(db: Connection, job: int, member: str) -> None:
        send(db, job, member)
        if job == 1:
            raise MovedError(f"{member} has moved")
        if job == 7:
            try:
                db.execute("INSERT INTO sent VALUES (%s, NULL)", [job])
            except psycopg.errors.NotNullViolation as error:
                raise answer.BadAddressError(f"{member} has no address") from error

    with connect(database) as db:
        expect(outcome(answer, db, picky_send), 1, "Job 1 has a bad address: what the first call returns", hint=2)
        expect(sent(database), [], "What is sent, when `send` has written a row for job 1 before it raised "
                                   "BadAddressError", hint=2)
        require(not free, "Job 1 has a bad address, and before its trouble is noted and committed, another worker can "
                "take the job: the lock was given up too early", hint=2)
        expect(work_all(answer, db, picky_send), JOBS[1:], "Job 1 has its trouble noted; job 7 has a bad address "
               "too, and PostgreSQL refuses a statement of `send` for it: what the next calls return", hint=2)
    expect(left(database), {1: "member 1 has moved", 7: "member 7 has no address"},
           "The jobs that are left, with trouble", hint=3)
    expect(sent(database), [job for job in JOBS if job not in (1, 7)],
           "What is sent, when `send` has written a row for jobs 1 and 7 before it raised BadAddressError", hint=2)


@check("any other exception comes out, and the job is free again", needs=works_in_order, timeout=30)
def lets_errors_out(answer: Answer, database: str) -> None:
    def cut_off(db: Connection, job: int, member: str) -> None:
        send(db, job, member)
        raise ConnectionResetError("the mail server hung up")

    def refused(db: Connection, job: int, member: str) -> None:
        send(db, job, member)
        db.execute("INSERT INTO outbox VALUES (%s)", [job])  # there is no such table

    with connect(database) as db, connect(database) as other:
        for done, (broken_send, error) in enumerate(((cut_off, ConnectionResetError),
                                                     (refused, psycopg.errors.UndefinedTable))):
            name = error.__name__
            try:
                got = f"returns {answer.work_one(db, broken_send)!r}"
            except error:
                got = f"raises {name}"
            expect(got, f"raises {name}", f"What work_one does when `send` raises {name}", hint=3)
            expect((sent(database), left(database)), (JOBS[:done], dict.fromkeys(JOBS[done:])),
                   "What is sent and what is left after that")
            status = db.info.transaction_status.name
            expect(outcome(answer, other), JOBS[done], f"`send` has raised {name}; the worker lives on, its connection "
                   f"is open (status {status}), and a second worker comes: what it gets", hint=3)
        expect(work_all(answer, db), JOBS[2:], "What the first worker gets then, with a `send` that works")
