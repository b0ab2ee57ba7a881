# caught by: remembers_refusals
# says: raises JSONDecodeError
"""A POST that may be sent again."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """A POST to /loans as data; `member` is who is logged in."""

    member: str
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Response:
    """A response as data."""

    status: int
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class NoCopyLeftError(Exception):
    """Every copy of the book is on loan."""


Lend = Callable[[str, int], int]


def make_loan(request: Request, lend: Lend) -> Response:
    """Lend a copy of a book to the member, each time that this is called."""
    try:
        book = int(json.loads(request.body)["book"])
    except (ValueError, KeyError, TypeError):
        return Response(400, {}, b"no book in the body")
    try:
        number = lend(request.member, book)
    except NoCopyLeftError:
        return Response(409, {}, b"no copy is left")
    return Response(201, {"Location": f"/loans/{number}"}, json.dumps({"book": book}).encode())


def post_loan(request: Request, lend: Lend, seen: dict[Any, Any]) -> Response:
    """Answer a POST to /loans, however often it arrives."""
    key = request.fields.get("Idempotency-Key")
    if not key:
        return Response(400, {}, b"a loan needs an Idempotency-Key")
    name = request.member, key
    if name in seen:
        body, answer = seen[name]
        if json.loads(body) != json.loads(request.body):
            return Response(422, {}, b"this key belongs to another request")
        return answer or Response(409, {"Retry-After": "1"}, b"still at work")

    seen[name] = request.body, None  # before the work begins: the next one may come in the middle of it
    try:
        answer = make_loan(request, lend)
    except BaseException:
        del seen[name]
        raise
    seen[name] = request.body, answer
    return answer
