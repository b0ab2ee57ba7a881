"""The server is asked with tags in many spellings; the client speaks with one whose answers are written."""

import re
import traceback
from collections.abc import Callable
from typing import Any

from course.check import Answer, Failure, check, expect, expect_raises, require

DUNE = {"title": "Dune", "year": 1965}
CONTENT = b'{"title": "Dune", "year": 1965}'
BOOK = "/books/42"


def call(function: Callable[..., Any], *given: Any, tried: str, hint: int) -> Any:
    """Call a function of the answer; an exception is told together with what was tried."""
    try:
        return function(*given)
    except Failure:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        file = function.__code__.co_filename
        lines = [frame.lineno for frame in frames if frame.filename == file]
        raise Failure(
            f"{tried} raises {type(error).__name__}: {error}", hint=hint, line=lines[-1] if lines else None
        ) from error


def asked(answer: Answer, field: str | None = None, book: Any = DUNE, hint: int = 1) -> Any:
    """Ask the server for book 42, of which there is a new copy each time."""
    fields = {} if field is None else {"If-None-Match": field}
    tried = f"GET {BOOK}" + ("" if field is None else f" with If-None-Match: {field}")
    response = call(
        answer.get_book, {42: dict(book)}, answer.Request("GET", BOOK, fields), tried=tried, hint=hint
    )
    require(
        isinstance(response, answer.Response),
        f"{tried}: get_book returned {response!r}, not a Response",
        hint=hint,
    )
    return response


def tag(answer: Answer, book: Any = DUNE) -> str:
    """Return the tag that comes with a book."""
    response = asked(answer, book=book)
    got = response.fields.get("ETag")
    require(isinstance(got, str), f"GET {BOOK}: the field ETag is {got!r}", hint=1)
    return str(got)


@check("the server sends the book, and its tag in double quotes")
def tags_the_book(answer: Answer) -> None:
    for book in (DUNE, {"title": "Emma"}, {"title": 'A "B"'}):
        got = tag(answer, book)
        require(
            re.fullmatch(r'"[!#-~]+"', got) is not None,
            f"GET {BOOK}: the field ETag is {got}, which is not text in double quotes, without a space "
            "or a double quote within",
            hint=1,
        )
    response = asked(answer)
    fields = {"Content-Type": "application/json", "ETag": response.fields.get("ETag")}
    expect(
        (response.status, response.fields, response.body),
        (200, fields, CONTENT),
        f"GET {BOOK} without If-None-Match: the response is",
        hint=1,
    )


@check("the same content has the same tag, in another server too", needs=tags_the_book)
def agrees_with_other_servers(answer: Answer) -> None:
    first = tag(answer)
    expect(tag(answer), first, f"GET {BOOK} twice, and nothing has changed: the second ETag is", hint=1)
    expect(
        answer.tag_of(CONTENT),
        first,
        f"GET {BOOK} has the ETag {first}, and tag_of of its content is",
        hint=1,
    )
    answer.get_book.__globals__["hash"] = lambda value: hash(
        (2, value)
    )  # as in a process that was started later
    expect(
        tag(answer),
        first,
        f"GET {BOOK} from a second server, where hash() gives other numbers: the ETag is",
        hint=1,
    )


@check("other content has another tag", needs=tags_the_book)
def tells_states_apart(answer: Answer) -> None:
    books = [
        DUNE,
        DUNE | {"year": 1956},
        DUNE | {"title": "Enud"},
        DUNE | {"note": ""},
        DUNE | {"year": "1965"},
    ]
    tags = [tag(answer, book) for book in books]
    for number, (book, got) in enumerate(zip(books, tags, strict=True)):
        require(
            got not in tags[:number],
            f"{book!r} has the ETag {got}. So has {books[tags.index(got)]!r}: "
            "a client would keep the wrong one",
            hint=2,
        )
    seen: dict[Any, bytes] = {}
    for content in (b'{"year": %d}' % year for year in range(4000)):
        got = call(answer.tag_of, content, tried=f"tag_of({content!r})", hint=2)
        require(
            got not in seen,
            f"{content!r} has the tag {got}. So has {seen.get(got)!r}: among 4000 contents, two share a tag",
            hint=2,
        )
        seen[got] = content


@check("304 brings the tag and no content", needs=tags_the_book)
def saves_the_content(answer: Answer) -> None:
    now = tag(answer)
    response = asked(answer, now)
    tried = f"GET {BOOK} with the present tag in If-None-Match"
    expect(response.status, 304, f"{tried}: the status is", hint=1)
    expect(response.body, b"", f"{tried}: the content after 304 is", hint=1)
    expect(response.fields, {"ETag": now}, f"{tried}: the fields of the 304 are", hint=1)


@check("a tag is found among several, and with W/ before it; * names all", needs=saves_the_content)
def finds_its_tag(answer: Answer) -> None:
    now = tag(answer)
    spellings = (
        f'"1a", {now}',
        f'{now},"1a"',
        f'"1a" ,{now} , "2b"',
        f"W/{now}",
        f'"1a", W/{now}',
        f'W/"1a",{now}',
        "*",
    )
    for field in spellings:
        expect(
            asked(answer, field, hint=2).status,
            304,
            f"GET {BOOK}, which has the tag {now}, with If-None-Match: {field}: the status is",
            hint=2,
        )


@check("another tag is not taken for it, and no book is no book", needs=saves_the_content)
def knows_other_tags(answer: Answer) -> None:
    now = tag(answer)
    for field in ('"1a"', f'{now[:-1]}0"', f'"0{now[1:]}', 'W/"1a"', '"1a", "2b"', '"*"', '"1a", "*"'):
        response = asked(answer, field, hint=2)
        tried = f"GET {BOOK}, which has the tag {now}, with If-None-Match: {field}"
        expect(response.status, 200, f"{tried}: the status is", hint=2)
        expect(response.body, CONTENT, f"{tried}: the content is", hint=2)
    for field in ("*", now):
        request = answer.Request("GET", "/books/999", {"If-None-Match": field})
        tried = f"GET /books/999, which there is not, with If-None-Match: {field}"
        response = call(answer.get_book, {42: DUNE}, request, tried=tried, hint=2)
        expect(response.status, 404, f"{tried}: the status is", hint=2)


class Wire:
    """A server whose answers are written down, and what it was asked."""

    def __init__(self, answer: Answer, replies: list[tuple[int, dict[str, str], bytes]]) -> None:
        self.answer, self.replies = answer, list(replies)
        self.asked: list[tuple[str, str | None]] = []
        self.client = answer.Client(self.send)

    def send(self, request: Any) -> Any:
        require(
            isinstance(request, self.answer.Request) and request.method == "GET",
            f"the client sent {request!r}, which is not a Request with the method GET",
            hint=3,
        )
        require(
            self.replies != [], f"the client asked for {request.path} once more, after {self.asked}", hint=3
        )
        self.asked.append((request.path, request.fields.get("If-None-Match")))
        return self.answer.Response(*self.replies.pop(0))

    def get(self, path: str, want: bytes, asks: str | None, words: str) -> None:
        """Call `get`; expect this content, and that the request named this tag."""
        before = len(self.asked)
        got = call(self.client.get, path, tried=f'get("{path}") {words}', hint=3)
        expect(got, want, f'get("{path}") {words}: it returned', hint=3)
        expect(
            self.asked[before:],
            [(path, asks)],
            f'get("{path}") {words}: the server was asked for this path, with this If-None-Match:',
            hint=3,
        )


def ok(content: bytes, etag: str | None = None) -> tuple[int, dict[str, str], bytes]:
    """Return a 200."""
    return 200, {"Content-Type": "text/plain"} | ({"ETag": etag} if etag else {}), content


@check("the client asks with the tag of what it has, and gives that after a 304")
def client_remembers(answer: Answer) -> None:
    for etag in ('"7"', 'W/"7,1"'):
        wire = Wire(answer, [ok(b"Dune", etag), (304, {"ETag": etag}, b""), (304, {"ETag": etag}, b"")])
        wire.get(BOOK, b"Dune", None, "for the first time")
        wire.get(BOOK, b"Dune", etag, f"after an answer with the ETag {etag}, now answered by 304")
        wire.get(BOOK, b"Dune", etag, "after that 304, answered by another one")


@check("the client follows changes, keeps paths apart, and needs a tag to ask with", needs=client_remembers)
def client_follows(answer: Answer) -> None:
    wire = Wire(answer, [ok(b"Dune", '"1"'), ok(b"Dune!", '"2"'), (304, {"ETag": '"2"'}, b"")])
    wire.get(BOOK, b"Dune", None, "for the first time")
    wire.get(BOOK, b"Dune!", '"1"', 'after the ETag "1", with a 200 and the ETag "2" as answer')
    wire.get(BOOK, b"Dune!", '"2"', 'after the ETag "2", answered by 304')

    wire = Wire(answer, [ok(b"Dune", '"1"'), ok(b"Emma", '"1"'), (304, {"ETag": '"1"'}, b"")])
    wire.get("/books/1", b"Dune", None, "for the first time")
    wire.get("/books/2", b"Emma", None, "for the first time, after another path")
    wire.get("/books/1", b"Dune", '"1"', "again, answered by 304")

    wire = Wire(answer, [ok(b"Dune", '"1"'), ok(b"Dune!"), ok(b"Dune?")])
    wire.get(BOOK, b"Dune", None, "for the first time")
    wire.get(BOOK, b"Dune!", '"1"', 'after the ETag "1", with a 200 without an ETag as answer')
    wire.get(BOOK, b"Dune?", None, "after a 200 without an ETag")


@check("any other status raises LookupError", needs=client_remembers)
def client_reports_the_rest(answer: Answer) -> None:
    for status in (404, 500, 204, 301):
        wire = Wire(answer, [ok(b"Dune", '"1"'), (status, {}, b"not now")])
        wire.get(BOOK, b"Dune", None, "for the first time")
        expect_raises(
            LookupError,
            lambda wire=wire: wire.client.get(BOOK),
            f'get("{BOOK}"), stored before and now answered with {status}',
            hint=3,
        )
