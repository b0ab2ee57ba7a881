# caught by: tells_states_apart
# says: two share a tag
"""A server that says when nothing has changed, and a client that remembers."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


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


def tag_of(content: bytes) -> str:
    """Return the entity tag of this content."""
    return f'"{hashlib.sha256(content).hexdigest()[:4]}"'


def names(field: str, tag: str) -> bool:
    """Say whether this value of If-None-Match names the tag."""
    tags = [part.strip().removeprefix("W/") for part in field.split(",")]
    return field.strip() == "*" or tag in tags


def get_book(books: dict[int, dict[str, Any]], request: Request) -> Response:
    """Answer a GET to /books/<number>."""
    book = books.get(int(request.path.removeprefix("/books/")))
    if book is None:
        return Response(404, {}, b"no such book")
    content = json.dumps(book).encode()
    tag = tag_of(content)
    if names(request.fields.get("If-None-Match", ""), tag):
        return Response(304, {"ETag": tag})
    return Response(200, {"Content-Type": "application/json", "ETag": tag}, content)


class Client:
    """It fetches what it does not have, and asks about what it has."""

    def __init__(self, send: Callable[[Request], Response]) -> None:
        self.send = send
        self.stored: dict[str, Response] = {}  # by path

    def get(self, path: str) -> bytes:
        """Return the content. Raises LookupError when there is none."""
        stored = self.stored.get(path)
        fields = {"If-None-Match": stored.fields["ETag"]} if stored else {}
        response = self.send(Request("GET", path, fields))
        if response.status == 304 and stored:
            return stored.body
        if response.status != 200:
            raise LookupError(f"{path}: {response.status}")
        self.stored.pop(path, None)
        if "ETag" in response.fields:
            self.stored[path] = response
        return response.body
