"""The desk of Shelf: each request is an object, with the bytes that came."""

import functools


class Request:
    """A request, and what the desk finds out about it."""

    def __init__(self, header: str) -> None:
        self.header, self.body = header, bytearray(10_000)

    @functools.cache  # noqa: B019 - asked three times for each page; the lesson finds out what this costs
    def language(self) -> str:
        """Return the language that is asked for."""
        return self.header.partition(",")[0]
