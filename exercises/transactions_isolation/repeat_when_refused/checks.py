"""Work that PostgreSQL really refuses: in the middle, at its commit, always, or for another reason."""

from collections.abc import Callable
from typing import Any

import psycopg

from course.check import Answer, check, expect, require

Connection = psycopg.Connection[tuple[Any, ...]]
# A wrong answer shall end in words: nobody waits for ever.
OPTIONS = "-c lock_timeout=15s -c statement_timeout=20s"
ENOUGH = 20  # attempts after which an answer is taken to be one that never gives up


def connect(database: str, level: str = "read committed") -> Connection:
    """Open a connection in autocommit mode, whose transactions run at `level`."""
    db = psycopg.connect(database, autocommit=True, options=OPTIONS)
    db.execute(f"SET default_transaction_isolation = '{level}'")
    return db


def refuse(db: Connection, state: str) -> None:
    """Let the server refuse with this SQLSTATE: what stands before it in the transaction is lost."""
    db.execute(f"DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END $$")


class Refused:
    """Work that lends a book and is then refused with one state after the other; it succeeds when none is left."""

    def __init__(self, *states: str) -> None:
        self.states = list(states)
        self.calls: list[str] = []

    def work(self, db: Connection, member: str) -> str:
        """Lend Dune, and be refused."""
        self.calls.append("work")
        if len(self.calls) > ENOUGH:
            raise EndlessError
        db.execute("INSERT INTO loan VALUES ('Dune', %s)", [member])
        if self.states:
            refuse(db, self.states.pop(0))
        return "lent"

    def pause(self, number: int) -> None:
        """Take down that there was a pause."""
        self.calls.append(f"pause({number})")


class EndlessError(Exception):
    """There were too many attempts."""


def outcome(call: Callable[[], Any]) -> Any:
    """Return what the call returned, or say which exception came out of it, with its SQLSTATE."""
    try:
        return call()
    except psycopg.Error as error:
        return f"raises {error.sqlstate}"
    except EndlessError:
        return f"still tries after {ENOUGH} calls"


def no_pause(number: int) -> None:
    """Go on at once."""


def run_refused(answer: Answer, database: str, job: Refused, attempts: int) -> Any:
    """Decorate the work of `job`, run it, and return what came out."""
    with connect(database) as db:
        return outcome(lambda: answer.again(attempts=attempts, pause=job.pause)(job.work)(db, "Ada"))


def require_ended(db: Connection, done: str) -> None:
    """Fail when a transaction is open after what was `done`."""
    status = db.info.transaction_status.name
    require(status == "IDLE", f"{done} and left the transaction open (status {status}): the next COMMIT on this "
                              "connection commits what the failed work has written", hint=3)


def loans(database: str) -> int:
    """Count the committed loans, on a connection of our own."""
    with connect(database) as db:
        return int((db.execute("SELECT count(*) FROM loan").fetchone() or (0,))[0])


@check("work that succeeds is run once, in a transaction that is then committed", timeout=30)
def committed(answer: Answer, database: str) -> None:
    seen: list[str] = []

    def work(db: Connection, title: str, member: str) -> str:
        db.execute("INSERT INTO loan VALUES (%s, %s)", [title, member])
        seen.append(db.info.transaction_status.name)
        if member == "Bob":
            raise LookupError("no such member")
        return f"{title} for {member}"

    with connect(database) as db:
        run = answer.again(attempts=3, pause=lambda number: seen.append(f"pause({number})"))(work)
        expect(run(db, "Dune", "Ada"), "Dune for Ada", 'The result of the decorated work(db, "Dune", "Ada")', hint=1)
        expect(loans(database), 1, "The loans that are committed after work that lends one book", hint=1)
        error: Any = None
        try:
            run(db, "Dune", "Bob")
        except LookupError as raised:
            error = raised
        require(type(error) is LookupError, "The work raises LookupError, and this does not come out of `run`")
        expect(loans(database), 1, "The loans that are committed after work that lends and then raises LookupError",
               hint=3)
        require_ended(db, "The work has lent a book and raised LookupError, `run` has raised it too")
    expect(seen, ["INTRANS"] * 2, "The transaction status after the first statement, in each of two pieces of work",
           hint=1)


@check("work refused with 40001 or 40P01 is run again in a new transaction", needs=committed, timeout=30)
def runs_again(answer: Answer, database: str) -> None:
    for lent, state in enumerate(("40001", "40P01"), 1):
        job = Refused(state, state)
        expect(run_refused(answer, database, job, attempts=5), "lent",
               f"The work is refused twice with {state} and would then succeed (attempts=5)", hint=2)
        expect(job.calls.count("work"), 3, f"How often the work is run when it is refused twice with {state}")
        expect(loans(database), lent, "The committed loans: what a refused attempt has written must be gone", hint=2)
    job = Refused()
    with connect(database) as db:
        run = answer.again(attempts=3, pause=no_pause)(job.work)
        for call in ("first", "second"):
            job.states = ["40001", "40001"]
            expect(outcome(lambda: run(db, "Ada")), "lent", "One decorated function is called twice, and in each call "
                   f"refused twice (attempts=3, for each call): the {call} call", hint=3)


@check("each attempt has a new snapshot", needs=runs_again, timeout=30)
def new_snapshot(answer: Answer, database: str) -> None:
    seen: list[int] = []
    with connect(database, "repeatable read") as db, connect(database) as other:
        def lend(db: Connection) -> int:
            (copies,) = db.execute("SELECT copies FROM book").fetchone() or (0,)
            seen.append(copies)
            if len(seen) == 1:  # another till lends a copy between our reading and our writing
                other.execute("UPDATE book SET copies = copies - 1")
            db.execute("UPDATE book SET copies = %s", [copies - 1])
            return int(copies - 1)

        got = outcome(lambda: answer.again(attempts=3, pause=no_pause)(lend)(db))
    expect(seen, [5, 4], "At REPEATABLE READ another till lends a copy during the first attempt: the copies that each "
                         "attempt read", hint=2)
    expect(got, 3, "The copies left after both tills have lent one of five")


@check("a refused COMMIT is repeated as well", needs=runs_again, timeout=30)
def refused_commit(answer: Answer, database: str) -> None:
    seen: list[int] = []
    with connect(database, "serializable") as db, connect(database, "serializable") as other:
        def leave(db: Connection) -> str:
            (staff,) = db.execute("SELECT count(*) FROM duty").fetchone() or (0,)
            seen.append(staff)
            if staff == 1:
                return "stays"
            with other.transaction():  # the write skew of the lesson: Ann leaves at the same time
                other.execute("SELECT count(*) FROM duty")
                other.execute("DELETE FROM duty WHERE name = 'Ann'")
                db.execute("DELETE FROM duty WHERE name = 'Ben'")
            return "leaves"

        got = outcome(lambda: answer.again(attempts=3, pause=no_pause)(leave)(db))
        staff = other.execute("SELECT name FROM duty").fetchall()
    expect(got, "stays", "Ann and Ben both go off duty at SERIALIZABLE, and Ben's COMMIT is refused with 40001: "
                         "what his decorated work gives", hint=2)
    expect(seen, [2, 1], "How many Ben saw on duty, attempt by attempt")
    expect(staff, [("Ben",)], "Who is on duty in the end")


@check("the pauses lie between the attempts, with no transaction open", needs=runs_again, timeout=30)
def pauses_between(answer: Answer, database: str) -> None:
    job, found = Refused("40001", "40001"), []
    with connect(database) as db:
        def pause(number: int) -> None:
            job.pause(number)
            found.append(db.info.transaction_status.name)

        outcome(lambda: answer.again(attempts=5, pause=pause)(job.work)(db, "Ada"))
    calls = ["work", "pause(1)", "work", "pause(2)", "work"]
    expect(job.calls, calls, "The calls when two attempts are refused", hint=3)
    expect(found, ["IDLE", "IDLE"], "The transaction status of the connection when `pause` is called", hint=3)


@check("nothing else is repeated", needs=committed, timeout=30)
def nothing_else(answer: Answer, database: str) -> None:
    for state, why in (("23505", "a key is there already"), ("55P03", "a lock was not available"),
                       ("57014", "the statement took too long"), ("40003", "it is unknown whether it was committed")):
        job = Refused(state, state)
        expect(run_refused(answer, database, job, attempts=3), f"raises {state}",
               f"The work raises {state}: {why}", hint=2)
        expect(job.calls, ["work"], f"The calls when the work raises {state}: {why}", hint=2)


@check("it gives up after the last attempt", needs=committed, timeout=30)
def gives_up(answer: Answer, database: str) -> None:
    for attempts, calls in ((3, ["work", "pause(1)", "work", "pause(2)", "work"]), (1, ["work"])):
        job = Refused(*["40001"] * 2 * ENOUGH)
        expect(run_refused(answer, database, job, attempts), "raises 40001",
               f"With attempts={attempts} the work is always refused with 40001", hint=3)
        expect(job.calls, calls, f"The calls with attempts={attempts} when each attempt is refused", hint=3)
