"""A running Shelf, as its tests see it."""

from dataclasses import dataclass

import httpx

TOKENS = {"ada": "staff-token-of-ada", "grace": "reader-token-of-grace", "alan": "reader-token-of-alan"}


@dataclass(frozen=True)
class Library:
    """A running Shelf: a client for it, and the address of its database."""

    http: httpx.Client
    database: str

    def as_(self, name: str, **headers: str) -> dict[str, str]:
        """Return the headers of a member."""
        return {"Authorization": f"Bearer {TOKENS[name]}", **headers}
