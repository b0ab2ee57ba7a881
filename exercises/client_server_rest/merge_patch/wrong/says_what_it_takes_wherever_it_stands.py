# caught by: says_what_it_takes
# says: note=
"""Books that can be shown, replaced, and changed in part."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MERGE_PATCH = "application/merge-patch+json"


@dataclass
class Request:
    """A request as data."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Response:
    """A response as data."""

    status: int
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


Books = dict[int, dict[str, Any]]


def is_book(value: Any) -> bool:
    """Say whether a value is a book: an object with a title."""
    return isinstance(value, dict) and isinstance(value.get("title"), str)


def shown(book: dict[str, Any], status: int = 200) -> Response:
    """Return a response with this book."""
    return Response(status, {"Content-Type": "application/json"}, json.dumps(book).encode())


def get_book(books: Books, number: int, request: Request) -> Response:
    """Answer with the book."""
    return shown(books[number]) if number in books else Response(404, {}, b"no such book")


def put_book(books: Books, number: int, request: Request) -> Response:
    """Put what was sent in the place of the book; when there was none, make it."""
    try:
        book = json.loads(request.body)  # takes NaN, too, which is no JSON: parse_constant= could refuse it
    except ValueError:
        return Response(400, {}, b"this is not JSON")
    if not is_book(book):
        return Response(422, {}, b"this is not a book")
    status = 200 if number in books else 201
    books[number] = book
    return shown(book, status)


def merge_patch(target: Any, patch: Any) -> Any:
    """Return what becomes of the target."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


def patch_book(books: Books, number: int, request: Request) -> Response:
    """Change a part of the book."""
    if number not in books:
        return Response(404, {}, b"no such book")
    kind = request.fields.get("Content-Type", "").lower()
    if MERGE_PATCH not in kind:
        return Response(415, {"Accept-Patch": MERGE_PATCH}, b"this is not a merge patch")
    try:
        patch = json.loads(request.body)
    except ValueError:
        return Response(400, {}, b"this is not JSON")
    book = merge_patch(books[number], patch)
    if not is_book(book):
        return Response(422, {}, b"this would not leave a book")
    books[number] = book
    return shown(book)


METHODS: dict[str, Callable[[Books, int, Request], Response]] = {
    "GET": get_book,
    "PUT": put_book,
    "PATCH": patch_book,
}


def handle(books: Books, request: Request) -> Response:
    """Answer one request to /books/<number>."""
    number = int(request.path.removeprefix("/books/"))
    method = METHODS.get(request.method)
    if method is None:
        return Response(405, {"Allow": ", ".join(sorted(METHODS))}, b"not here")
    return method(books, number, request)
