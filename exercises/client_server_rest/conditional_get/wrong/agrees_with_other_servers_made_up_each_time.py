# caught by: agrees_with_other_servers
# says: the second etag is
"""A server that says when nothing has changed, and a client that remembers."""

import json
import uuid
from collections.abc import Callable
from typing import Any, NamedTuple


class Request(NamedTuple):
    """A request as data; the names of its fields are in small letters."""

    method: str
    path: str
    fields: dict[str, str]
    body: bytes = b""


class Response(NamedTuple):
    """A response as data."""

    status: int
    fields: dict[str, str]
    body: bytes = b""


def tag_of(content: bytes) -> str:
    """Return the entity tag of this content."""
    return f'"{uuid.uuid4().hex}"'


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
    if names(request.fields.get("if-none-match", ""), tag):
        return Response(304, {"etag": tag})
    return Response(200, {"content-type": "application/json", "etag": tag}, content)


class Client:
    """It fetches what it does not have, and asks about what it has."""

    def __init__(self, send: Callable[[Request], Response]) -> None:
        self.send = send
        self.stored: dict[str, Response] = {}  # by path

    def get(self, path: str) -> bytes:
        """Return the content. Raises LookupError when there is none."""
        stored = self.stored.get(path)
        fields = {"if-none-match": stored.fields["etag"]} if stored else {}
        response = self.send(Request("GET", path, fields))
        if response.status == 304 and stored:
            return stored.body
        if response.status != 200:
            raise LookupError(f"{path}: {response.status}")
        self.stored.pop(path, None)
        if "etag" in response.fields:
            self.stored[path] = response
        return response.body
