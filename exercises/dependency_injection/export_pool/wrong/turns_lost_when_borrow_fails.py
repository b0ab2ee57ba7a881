# caught by: turns
# says: got ConnectionError from `borrow`
"""The catalogue as a stream, from a pool of two connections."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse


class PoolTimeout(Exception):
    """Every connection is lent out."""


class Connection:
    """One connection to the database."""

    def __init__(self, catalogue: list[str]) -> None:
        self.catalogue, self.lent = catalogue, False

    async def titles(self) -> list[str]:
        """Ask the database, which takes a while. Raises RuntimeError when the connection has been given back."""
        await asyncio.sleep(0)
        if not self.lent:
            raise RuntimeError("this connection has been given back")
        return list(self.catalogue)


class Pool:
    """Two connections."""

    def __init__(self, catalogue: list[str]) -> None:
        self.free = [Connection(catalogue), Connection(catalogue)]

    def borrow(self) -> Connection:
        """Lend a connection. Raises PoolTimeout when both are lent out."""
        if not self.free:
            raise PoolTimeout("pool limit of size 2 reached")
        connection = self.free.pop()
        connection.lent = True
        return connection

    def give_back(self, connection: Connection) -> None:
        """Take a connection back."""
        connection.lent = False
        self.free.append(connection)


def export_app(pool: Pool) -> FastAPI:
    """Return an app with GET /export on `pool`."""
    app = FastAPI()

    turns = asyncio.Semaphore(2)

    async def get_db() -> AsyncIterator[Connection]:
        await turns.acquire()
        db = pool.borrow()
        try:
            yield db
        finally:
            pool.give_back(db)
            turns.release()

    Db = Annotated[Connection, Depends(get_db, scope="function")]

    @app.get("/export")
    async def export(db: Db) -> StreamingResponse:
        titles = await db.titles()  # all of them now: the connection is gone when the stream runs

        async def lines() -> AsyncIterator[str]:
            for title in titles:
                yield f"{title}\n"

        return StreamingResponse(lines())

    return app
