"""A shelf that writes rows, and attempts that come again: later, in the midst of the first, after a crash."""

import traceback
from collections.abc import Callable
from typing import Any

from course.check import Answer, Failure, check, expect, require

WISH = b'{"book": 42}'


class Shelf:
    """It writes a row for each loan; `none_left` are refused, `meanwhile` is called in the midst of one."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.rows: list[tuple[str, int]] = []
        self.seen: dict[Any, Any] = {}
        self.none_left: set[int] = set()
        self.meanwhile: Callable[[], None] | None = None

    def lend(self, member: str, book: int) -> int:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        if book in self.none_left:
            raise self.answer.NoCopyLeftError
        self.rows.append((member, book))
        return len(self.rows)

    def post(
        self, key: str | None, words: str, member: str = "Ada", body: bytes = WISH, hint: int = 2
    ) -> Any:
        """Send one request; return the response as (status, fields, body)."""
        request = self.answer.Request(member, {} if key is None else {"Idempotency-Key": key}, body)
        tried = f"A POST from {member} with the key {key!r} and the body {body!r}, {words},"
        try:
            response = self.answer.post_loan(request, self.lend, self.seen)
        except (Failure, ConnectionError):
            raise
        except Exception as error:
            file = self.answer.post_loan.__code__.co_filename
            lines = [
                frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file
            ]
            where = f" in line {lines[-1]}" if lines else ""
            raise Failure(
                f"{tried} raises {type(error).__name__}{where}: {error}",
                hint=hint,
                line=lines[-1] if lines else None,
            ) from error
        require(
            isinstance(response, self.answer.Response),
            f"{tried} returned {response!r}, not a Response",
            hint=hint,
        )
        return response.status, response.fields, response.body


def made(number: int, book: int = 42) -> tuple[int, dict[str, str], bytes]:
    """Return the answer to a loan that was made."""
    return 201, {"Location": f"/loans/{number}"}, b'{"book": %d}' % book


@check("a first request with a key is answered as before")
def lends(answer: Answer) -> None:
    shelf = Shelf(answer)
    expect(shelf.post("k1", "the first"), made(1), "A first POST with the key 'k1': the answer is", hint=2)
    expect(shelf.rows, [("Ada", 42)], "After a first POST with the key 'k1' the rows are", hint=2)
    expect(
        shelf.post("k2", "the first", body=b"Dune")[0],
        400,
        "A first POST with the key 'k2', and a body that make_loan does not like: the status is",
        hint=2,
    )


@check("a request without a key is refused", needs=lends)
def wants_a_key(answer: Answer) -> None:
    for key in (None, ""):
        shelf = Shelf(answer)
        words = "without a key" if key is None else "with an empty key"
        expect(shelf.post(key, "the first")[0], 400, f"A POST {words}: the status is", hint=2)
        expect(shelf.rows, [], f"After a POST {words} the rows are", hint=2)


@check("20 attempts make one row, and get the same answer", needs=lends)
def lends_once(answer: Answer) -> None:
    shelf = Shelf(answer)
    answers = [shelf.post("k1", f"attempt {attempt} of 20") for attempt in range(1, 21)]
    expect(
        len(shelf.rows),
        1,
        "20 times the same POST, of which the client saw no answer: the number of rows is",
        hint=1,
    )
    for attempt, got in enumerate(answers, 1):
        expect(got, made(1), f"20 times the same POST: the answer to attempt {attempt} is", hint=2)


@check("a refusal is remembered as well as a success", needs=lends_once)
def remembers_refusals(answer: Answer) -> None:
    shelf = Shelf(answer)
    shelf.none_left = {42}
    first = shelf.post("k1", "while no copy is left")
    expect(first[0], 409, "A POST for book 42, of which no copy is left: the status is", hint=2)
    shelf.none_left = set()
    bad = [shelf.post("k2", f"attempt {attempt} of 2", body=b"Dune") for attempt in (1, 2)]
    expect(bad[1], bad[0], "A POST with a body that make_loan does not like, sent twice: the second answer is", hint=3)
    tried = "The same POST with the same key, after a copy has come back"
    expect(shelf.post("k1", "after a copy has come back"), first, f"{tried}: the answer is", hint=3)
    expect(shelf.rows, [], f"{tried}: the rows are", hint=3)


@check("another key is another loan, and members do not share their keys", needs=lends_once)
def keeps_wishes_apart(answer: Answer) -> None:
    shelf = Shelf(answer)
    for number, key in enumerate(("k1", "k2", "k3"), 1):
        expect(
            shelf.post(key, f"which is wish {number}"),
            made(number),
            f"The same body with the keys k1, k2, k3, three wishes: the answer to {key!r} is",
            hint=1,
        )
    expect(
        shelf.post("k1", "from somebody else than before", member="Grace"),
        made(4),
        "Ada has used the key 'k1'; Grace sends the same key and body, and gets",
        hint=2,
    )
    expect(
        shelf.rows,
        [("Ada", 42)] * 3 + [("Grace", 42)],
        "Three wishes of Ada, one of Grace: the rows are",
        hint=2,
    )

    joined = Shelf(answer)
    pairs = [("Ada", "m1"), ("Adam", "1")]
    pairs += [pair for mark in ":/-_|,. " for pair in ((f"Ada{mark}B", "1"), ("Ada", f"B{mark}1"))]
    for number, (member, key) in enumerate(pairs, 1):
        expect(
            joined.post(key, "which nobody of that name has sent before", member=member),
            made(number),
            f"The pairs of member and key {pairs[(number - 1) // 2 * 2 : number]} are sent, each for the first "
            "time: the answer to the last is",
            hint=2,
        )

    other = Shelf(answer)
    other.post("k9", "the first in another library, with a `seen` of its own")
    expect(
        other.post("k1", "the second in another library"),
        made(2),
        "Another library, where `seen` knows no 'k1' yet, gets that key from Ada: the answer is",
        hint=2,
    )


@check("a key that comes with another body is refused", needs=lends_once)
def refuses_another_body(answer: Answer) -> None:
    shelf = Shelf(answer)
    shelf.post("k1", "the first")
    tried = "Ada has used the key 'k1' for book 42, and sends it for book 43"
    expect(
        shelf.post("k1", "after one for book 42", body=b'{"book": 43}')[0],
        422,
        f"{tried}: the status is",
        hint=2,
    )
    expect(shelf.rows, [("Ada", 42)], f"{tried}: the rows are", hint=2)
    expect(
        shelf.post("k1", "once more for book 42"),
        made(1),
        f"{tried}, and again for book 42: the last answer is",
        hint=2,
    )


@check("an attempt that arrives in the middle of the first is told to wait", needs=lends_once, timeout=2)
def tells_early_ones_to_wait(answer: Answer) -> None:
    shelf = Shelf(answer)
    early: list[Any] = []
    shelf.meanwhile = lambda: early.append(shelf.post("k1", "in the middle of the first", hint=1))
    first = shelf.post("k1", "the first")
    expect(shelf.rows, [("Ada", 42)], "A POST arrives again while the first is at work: the rows are", hint=2)
    expect(
        [got[:2] for got in early],
        [(409, {"Retry-After": "1"})],
        "A POST arrives again while the first is at work: status and fields of its answer are",
        hint=3,
    )
    expect(
        first, made(1), "A POST arrives again while the first is at work: the answer to the first is", hint=3
    )
    expect(
        shelf.post("k1", "after both"),
        made(1),
        "The same POST after that, and after the first is done: it gets",
        hint=3,
    )


@check("other keys are not held up meanwhile", needs=tells_early_ones_to_wait, timeout=2)
def holds_nobody_up(answer: Answer) -> None:
    shelf = Shelf(answer)
    others: list[Any] = []

    def meanwhile() -> None:
        others.append(shelf.post("k2", "while Ada's 'k1' is at work", body=b'{"book": 43}'))
        others.append(shelf.post("k1", "while Ada's 'k1' is at work", member="Grace", body=b'{"book": 44}'))

    shelf.meanwhile = meanwhile
    first = shelf.post("k1", "the first")
    expect(
        [*others, first],
        [made(1, 43), made(2, 44), made(3)],
        "While Ada's 'k1' is at work, Ada sends 'k2', and Grace sends a 'k1' of hers: the three answers are",
        hint=2,
    )


@check("after an exception the key is free again", needs=lends_once)
def tries_again_after_a_crash(answer: Answer) -> None:
    shelf = Shelf(answer)

    def crash() -> None:
        raise ConnectionError("the database is gone")

    shelf.meanwhile = crash
    tried = "lend raises ConnectionError, since the database is gone"
    try:
        got = shelf.post("k1", "while the database is gone")
    except ConnectionError:
        got = "ConnectionError is raised"
    expect(got, "ConnectionError is raised", f"{tried}: what comes of the first attempt is", hint=2)
    expect(
        shelf.post("k1", "after the database is back"), made(1), f"{tried}; the second attempt gets", hint=3
    )
    expect(
        shelf.post("k1", "once more"),
        made(1),
        f"{tried}; the second attempt lends, and the third gets",
        hint=3,
    )
    expect(shelf.rows, [("Ada", 42)], f"{tried}; after three attempts the rows are", hint=3)
