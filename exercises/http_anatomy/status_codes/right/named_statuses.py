# Another style: the codes by the names that the standard library gives them.
"""What Shelf's server answers in eleven situations."""

from http import HTTPStatus
from typing import NamedTuple


class Choice(NamedTuple):
    """A status code; whether content may follow; whether a client without an answer may ask again."""

    status: int
    content: bool
    resend: bool


CHOICES: dict[str, Choice] = {
    "empty_search": Choice(HTTPStatus.OK, True, True),
    "new_loan": Choice(HTTPStatus.CREATED, True, False),
    "hold_removed": Choice(HTTPStatus.NO_CONTENT, False, True),
    "unchanged": Choice(HTTPStatus.NOT_MODIFIED, False, True),
    "no_host": Choice(HTTPStatus.BAD_REQUEST, True, True),
    "stranger": Choice(HTTPStatus.UNAUTHORIZED, True, True),
    "someone_elses": Choice(HTTPStatus.FORBIDDEN, True, True),
    "no_such_book": Choice(HTTPStatus.NOT_FOUND, False, True),
    "last_copy_out": Choice(HTTPStatus.CONFLICT, True, False),
    "our_bug": Choice(HTTPStatus.INTERNAL_SERVER_ERROR, True, False),
    "backup": Choice(HTTPStatus.SERVICE_UNAVAILABLE, True, True),
}
