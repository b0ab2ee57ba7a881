"""What differs between two places where Shelf runs; everything comes from the environment."""

import os
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Settings:
    """`database_url` is SQLAlchemy's address with psycopg as the driver; `requests_per_minute` are those of one client.

    `origins` are the web pages of others that may call the API from a browser (WHATWG Fetch, "CORS protocol").
    """

    database_url: str
    requests_per_minute: int = 60
    origins: tuple[str, ...] = ("https://shelf.example",)

    @classmethod
    def from_environment(cls) -> Self:
        """Read SHELF_DATABASE_URL, SHELF_REQUESTS_PER_MINUTE and SHELF_ORIGINS. Raises KeyError without the first."""
        return cls(database_url=os.environ["SHELF_DATABASE_URL"],
                   requests_per_minute=int(os.environ.get("SHELF_REQUESTS_PER_MINUTE", "60")),
                   origins=tuple(os.environ.get("SHELF_ORIGINS", "https://shelf.example").split()))
