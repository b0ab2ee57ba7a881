# Another style: the state of a key as an object, a lock for the look and the claim, and the body as a digest.
"""A POST that may be sent again."""

import hashlib
import json
import threading
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
LOCK = threading.Lock()


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


@dataclass
class Attempt:
    """What is known of a key: the digest of its request, and in the end the answer."""

    digest: str
    answer: Response | None = None

    def again(self, digest: str) -> Response:
        """Return what a later request with this key gets."""
        if self.digest != digest:
            return Response(422, {}, b"another request has this key")
        if self.answer is None:
            return Response(409, {"Retry-After": "1"})
        return self.answer


def post_loan(request: Request, lend: Lend, seen: dict[Any, Any]) -> Response:
    """Answer a POST to /loans, however often it arrives."""
    key = request.fields.get("Idempotency-Key", "")
    if key == "":
        return Response(400, {})
    digest = hashlib.sha256(request.body).hexdigest()
    with LOCK:
        attempts = seen.setdefault(request.member, {})
        if key in attempts:
            return attempts[key].again(digest)
        attempt = attempts[key] = Attempt(digest)
    try:
        attempt.answer = make_loan(request, lend)
        return attempt.answer
    finally:
        if attempt.answer is None:
            attempts.pop(key)
