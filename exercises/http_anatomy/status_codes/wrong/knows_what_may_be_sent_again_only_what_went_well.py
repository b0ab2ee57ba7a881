# caught by: knows_what_may_be_sent_again
# says: no_host: resend is False
"""What Shelf's server answers in eleven situations."""

from typing import NamedTuple


class Choice(NamedTuple):
    """A status code; whether content may follow; whether a client without an answer may ask again."""

    status: int
    content: bool
    resend: bool


CHOICES: dict[str, Choice] = {
    "empty_search": Choice(200, content=True, resend=True),  # an empty list is an answer
    "new_loan": Choice(201, content=True, resend=False),  # sent twice, it would lend two copies
    "hold_removed": Choice(204, content=False, resend=True),  # deleted twice is deleted
    "unchanged": Choice(304, content=False, resend=True),  # the content is at the client's
    "no_host": Choice(400, content=True, resend=False),
    "stranger": Choice(401, content=True, resend=True),  # tell me who you are, then ask again
    "someone_elses": Choice(403, content=True, resend=True),  # I know who you are
    "no_such_book": Choice(404, content=False, resend=True),  # whatever the status: this was a HEAD
    "last_copy_out": Choice(409, content=True, resend=False),  # it is a POST, whatever came of it
    "our_bug": Choice(500, content=True, resend=False),
    "backup": Choice(503, content=True, resend=True),  # the same value put twice is there once
}
