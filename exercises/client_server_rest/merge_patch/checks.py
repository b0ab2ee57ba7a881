"""The examples of RFC 7396, appendix A; 200 books at random; and what Shelf answers to PATCH."""

import copy
import json
import random
import traceback
from typing import Any

from course.check import Answer, Failure, check, expect, require

MERGE_PATCH = "application/merge-patch+json"
EXAMPLES = """
    {"a":"b"}          | {"a":"c"}                 | {"a":"c"}
    {"a":"b"}          | {"b":"c"}                 | {"a":"b","b":"c"}
    {"a":"b"}          | {"a":null}                | {}
    {"a":"b","b":"c"}  | {"a":null}                | {"b":"c"}
    {"a":["b"]}        | {"a":"c"}                 | {"a":"c"}
    {"a":"c"}          | {"a":["b"]}               | {"a":["b"]}
    {"a":{"b":"c"}}    | {"a":{"b":"d","c":null}}  | {"a":{"b":"d"}}
    {"a":[{"b":"c"}]}  | {"a":[1]}                 | {"a":[1]}
    ["a","b"]          | ["c","d"]                 | ["c","d"]
    {"a":"b"}          | ["c"]                     | ["c"]
    {"a":"foo"}        | null                      | null
    {"a":"foo"}        | "bar"                     | "bar"
    {"e":null}         | {"a":1}                   | {"e":null,"a":1}
    [1,2]              | {"a":"b","c":null}        | {"a":"b"}
    {}                 | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
"""
ROWS = [[json.loads(part) for part in line.split("|")] for line in EXAMPLES.strip().splitlines()]
DUNE = {"title": "Dune", "year": 1956, "place": {"room": "A", "row": 3}, "note": "torn"}


def call(answer: Answer, name: str, *given: Any, tried: str, hint: int) -> Any:
    """Call a function of the answer; an exception is told together with what was tried."""
    function = getattr(answer, name)
    try:
        return function(*given)
    except RecursionError as error:
        raise Failure(f"{tried} calls itself without an end", hint=1) from error
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        lines = [frame.lineno for frame in frames if frame.filename == function.__code__.co_filename]
        where = f" in line {lines[-1]}" if lines else ""
        raise Failure(
            f"{tried} raises {type(error).__name__}{where}: {error}",
            hint=hint,
            line=lines[-1] if lines else None,
        ) from error


def merged(answer: Answer, target: Any, patch: Any, want: Any, words: str = "", hint: int = 2) -> None:
    """Merge copies, and expect the result."""
    tried = f"{words}merge_patch({target!r}, {patch!r})"
    got = call(answer, "merge_patch", copy.deepcopy(target), copy.deepcopy(patch), tried=tried, hint=hint)
    expect(got, want, f"{tried} returned", hint=hint)


def examples(answer: Answer, numbers: list[int], hint: int) -> None:
    """Try some examples of the standard, counted from 1."""
    for number in numbers:
        target, patch, want = ROWS[number - 1]
        merged(answer, target, patch, want, f"Example {number} of appendix A: ", hint)


def patched(
    answer: Answer,
    book: Any,
    body: bytes,
    *,
    hint: int,
    kind: str | None = MERGE_PATCH,
    path: str = "/books/42",
) -> tuple[Any, Any, str]:
    """Send a PATCH for book 42; return the response, all books afterwards, and what was tried."""
    books = {42: copy.deepcopy(book), 7: {"title": "Emma"}}
    fields = {} if kind is None else {"Content-Type": kind}
    sent = f"PATCH {path} with {body!r}" + (
        "" if kind == MERGE_PATCH else (f" and the Content-Type {kind}" if kind else " and no Content-Type")
    )
    request = answer.Request("PATCH", path, fields, body)
    response = call(answer, "handle", books, request, tried=sent, hint=hint)
    require(
        isinstance(response, answer.Response),
        f"{sent}: handle returned {response!r}, which is not a Response",
        hint=hint,
    )
    return response, books, f"{sent}, when book 42 is {book!r}"


def refused(answer: Answer, status: int, body: bytes, *, hint: int = 2, book: Any = DUNE, **more: Any) -> Any:
    """Expect a status, and that no book has changed."""
    response, books, tried = patched(answer, book, body, hint=hint, **more)
    expect(response.status, status, f"{tried}: the status is", hint=hint)
    expect(
        books,
        {42: book, 7: {"title": "Emma"}},
        f"{tried}, is answered with {status}; then the books are",
        hint=hint,
    )
    return response


def some_value(chance: random.Random, depth: int) -> Any:
    """Return a value without null in it."""
    if depth and chance.random() < 0.5:
        return some_object(chance, depth - 1)
    return chance.choice([0, 1, -2.5, "", "A", True, False, [], ["long"], [{"a": 1}]])


def some_object(chance: random.Random, depth: int) -> dict[str, Any]:
    """Return an object with up to four members."""
    return {chance.choice("abcdef"): some_value(chance, depth) for _ in range(chance.randrange(5))}


def what_changes(before: Any, after: Any) -> Any:
    """Return a merge patch that makes `after` of `before`."""
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    gone = {name: None for name in before if name not in after}
    changed = {
        name: what_changes(before.get(name), value)
        for name, value in after.items()
        if name not in before or json.dumps(before[name]) != json.dumps(value)
    }
    return gone | changed


@check("values are added, replaced and taken out")
def merges_members(answer: Answer) -> None:
    examples(answer, [1, 2, 3, 4, 5, 6, 13], 1)


@check(
    "a patch that is no object replaces all, and a target that is none counts as empty", needs=merges_members
)
def takes_any_value(answer: Answer) -> None:
    examples(answer, [8, 9, 10, 11, 12, 14], 1)


@check("objects within objects are merged by the same rules, new ones too", needs=merges_members)
def goes_deep(answer: Answer) -> None:
    examples(answer, [7, 15], 1)
    merged(
        answer,
        DUNE,
        {"place": {"shelf": {"row": 4, "side": None}}},
        DUNE | {"place": {"room": "A", "row": 3, "shelf": {"row": 4}}},
        hint=1,
    )


@check("neither target nor patch is changed", needs=goes_deep)
def leaves_its_arguments(answer: Answer) -> None:
    for patch in ({"year": 1965, "note": None}, {"place": {"row": None}, "tags": ["long"]}):
        target, given = copy.deepcopy(DUNE), copy.deepcopy(patch)
        tried = f"merge_patch({DUNE!r}, {patch!r})"
        call(answer, "merge_patch", target, given, tried=tried, hint=2)
        expect(target, DUNE, f"After {tried} the target is", hint=2)
        expect(given, patch, f"After {tried} the patch is", hint=2)


@check("200 times, a patch that says what changes brings it about", needs=takes_any_value)
def brings_about_200_changes(answer: Answer) -> None:
    chance = random.Random(7396)
    pairs = [(some_object(chance, 2), some_object(chance, 2)) for _ in range(200)]
    pairs.sort(key=lambda pair: len(repr(pair)))  # what fails, fails with a small one
    for number, (before, after) in enumerate(pairs, 1):
        merged(answer, before, what_changes(before, after), after, f"Change {number} of 200: ")


@check("PATCH stores the merged book, and shows it", needs=merges_members)
def patches_a_book(answer: Answer) -> None:
    for body, want in (
        (b'{"year": 1965}', DUNE | {"year": 1965}),
        (b'{"note": null}', {name: DUNE[name] for name in ("title", "year", "place")}),
        (b'{"title": "Dune!", "language": "en"}', DUNE | {"title": "Dune!", "language": "en"}),
        (b"{}", DUNE),
    ):
        response, books, tried = patched(answer, DUNE, body, hint=2)
        expect(response.status, 200, f"{tried}: the status is", hint=2)
        try:
            book = json.loads(response.body)
        except (TypeError, ValueError):
            book = response.body
        expect(book, want, f"{tried}: the answer shows", hint=2)
        expect(books, {42: want, 7: {"title": "Emma"}}, f"{tried}: afterwards the books are", hint=2)


@check("PATCH does not make a book that is not there", needs=patches_a_book)
def knows_no_such_book(answer: Answer) -> None:
    refused(answer, 404, b'{"title": "Ulysses"}', path="/books/999")


@check("PATCH takes merge patches, and says so when it gets something else", needs=patches_a_book)
def says_what_it_takes(answer: Answer) -> None:
    near = (f"text/plain; note={MERGE_PATCH}", MERGE_PATCH + "s")
    for kind in ("application/json", "application/json-patch+json", None, *near):
        response = refused(answer, 415, b'{"year": 1965}', kind=kind)
        fields = response.fields if isinstance(response.fields, dict) else {}
        expect(
            fields.get("Accept-Patch"),
            MERGE_PATCH,
            f"A PATCH with the Content-Type {kind!r} is answered with 415; its field Accept-Patch is",
            hint=2,
        )
    for kind in ("Application/Merge-Patch+JSON", MERGE_PATCH + "; charset=utf-8", MERGE_PATCH + ";a=b"):
        response, _, tried = patched(answer, DUNE, b'{"year": 1965}', kind=kind, hint=2)
        expect(response.status, 200, f"{tried}: the status is", hint=2)


@check("a patch that cannot be read, or leaves no book, changes nothing", needs=patches_a_book)
def keeps_books_whole(answer: Answer) -> None:
    for body in (b'{"year": ', b"", b"\xff"):
        refused(answer, 400, body)
    for body in (b'{"title": null}', b'{"year": 1965, "title": 7}', b'["Dune"]', b"null"):
        refused(answer, 422, body)


@check("405 names PATCH among what is allowed", needs=patches_a_book)
def is_allowed(answer: Answer) -> None:
    for method in ("DELETE", "POST"):
        tried = f"{method} /books/42"
        response = call(
            answer, "handle", {42: DUNE}, answer.Request(method, "/books/42", {}), tried=tried, hint=3
        )
        require(isinstance(response, answer.Response), f"{tried}: handle returned {response!r}", hint=3)
        expect(response.status, 405, f"{tried}: the status is", hint=3)
        allowed = sorted(name.strip() for name in str(response.fields.get("Allow", "")).split(","))
        expect(
            allowed, ["GET", "PATCH", "PUT"], f"{tried} is answered with 405; its field Allow names", hint=3
        )
