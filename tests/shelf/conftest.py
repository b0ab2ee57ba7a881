"""Shelf, served by uvicorn on a real PostgreSQL, with three members and three books."""

from collections.abc import Iterator

import httpx
import psycopg
import pytest
from library_client import TOKENS, Library

from course.services import scratch, web
from shelf.access import token_hash
from shelf.app import create_app
from shelf.settings import Settings


@pytest.fixture
def library(requests_per_minute: int) -> Iterator[Library]:
    with scratch.scratch() as database:
        url = database.replace("postgresql://", "postgresql+psycopg://", 1)
        app = create_app(Settings(url, requests_per_minute))
        with web.serve(app) as server, httpx.Client(base_url=server.url) as client:
            with psycopg.connect(database) as connection:
                for name, token in TOKENS.items():
                    connection.execute("INSERT INTO member (name, role, token_hash) VALUES (%s, %s, %s)",
                                       (name, token.partition("-")[0], token_hash(token)))
                connection.cursor().executemany("INSERT INTO book (title, author, copies, version) VALUES "
                                                "(%s, %s, %s, 1)", [("Dune", "Herbert", 2), ("Emma", "Austen", 1),
                                                                    ("Persuasion", "Austen", 3)])
            yield Library(client, database)


@pytest.fixture
def requests_per_minute() -> int:
    return 100_000
