"""Downloads by readers who stop in the middle, from a pool that counts. Nothing here depends on time.

A query takes fifty turns of the event loop in which no worker thread is busy, far more than a request needs to come as
far as its query: requests that are sent together all arrive before the first of them has its titles.
"""

import asyncio
from typing import Any

import httpx
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from course.check import Answer, check, expect, require

TITLES = ["Dune", "Emma", "Kim"]
TURNS = 50
PATIENCE = 3  # seconds until a reader that waits counts as stuck: what is right needs milliseconds


class Connection:
    """A connection that knows whether it is lent out."""

    def __init__(self, broken: bool) -> None:
        self.broken, self.lent = broken, True

    async def titles(self) -> list[str]:
        """Return the titles, or raise ConnectionError when the database is broken."""
        calm, threads = 0, current_default_thread_limiter()
        while calm < TURNS:
            self._use()
            await asyncio.sleep(0)
            calm = 0 if threads.borrowed_tokens else calm + 1
        self._use()
        if self.broken:
            raise ConnectionError("the database has gone away")
        return list(TITLES)

    def _use(self) -> None:
        if not self.lent:
            raise RuntimeError("this connection has been given back")


class Pool:
    """Two connections, lent to whoever asks, and a record of it."""

    def __init__(self, answer: Answer, broken: bool = False) -> None:
        self.timeout, self.broken = answer.PoolTimeout, broken
        self.lent, self.borrowed, self.refused, self.most = 0, 0, 0, 0

    def borrow(self) -> Connection:
        """Lend a connection, or raise PoolTimeout when both are lent out."""
        if self.lent == 2:
            self.refused += 1
            raise self.timeout("pool limit of size 2 reached")
        self.lent, self.borrowed = self.lent + 1, self.borrowed + 1
        self.most = max(self.most, self.lent)
        return Connection(self.broken)

    def give_back(self, connection: Connection) -> None:
        """Take a connection back, once."""
        if not connection.lent:
            raise RuntimeError("this connection has been given back already")
        connection.lent, self.lent = False, self.lent - 1


class Phone:
    """One reader: notes each piece that arrives, and after the first reads on only when `reading` is set.

    A crash of the app is a 500, unless `crashes` is False: then `request` raises it, and the learner is told its line.
    """

    def __init__(self, app: FastAPI, reading: asyncio.Event, crashes: bool = True) -> None:
        self.app, self.reading, self.crashes, self.started = app, reading, crashes, asyncio.Event()
        self.pieces: list[str] = []
        self.request = asyncio.create_task(self._download())
        self.request.add_done_callback(lambda _: self.started.set())

    async def begins(self) -> bool:
        """Wait until the first piece has arrived or the request has failed; return False when neither happens."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.started.wait()
        except TimeoutError:
            return False

    async def _download(self) -> int:
        door = httpx.ASGITransport(app=self._app, raise_app_exceptions=not self.crashes)
        async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
            return (await api.get("/export")).status_code

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        async def arrive(message: Any) -> None:
            if text := message.get("body", b"").decode():
                self.pieces.append(text)
                self.started.set()
                await self.reading.wait()
            await send(message)
        await self.app(scope, receive, arrive)


def make(answer: Answer, pool: Pool) -> FastAPI:
    """Return the learner's app on `pool`."""
    app = answer.export_app(pool)
    require(isinstance(app, FastAPI), "export_app(pool) does not return a FastAPI app")
    return app


async def read(app: FastAPI, readers: int = 1, crashes: bool = True) -> list[Phone]:
    """Let so many readers start in the same moment and read to the end."""
    reading = asyncio.Event()
    reading.set()
    phones = [Phone(app, reading, crashes) for _ in range(readers)]
    await asyncio.wait([phone.request for phone in phones])
    return phones


@check("one reader gets the titles")
async def one(answer: Answer) -> None:
    [phone] = await read(make(answer, Pool(answer)), crashes=False)
    expect(phone.request.result(), 200, "GET /export has the wrong status", hint=1)
    expect("".join(phone.pieces), "Dune\nEmma\nKim\n", "One reader of GET /export got the wrong text", hint=1)


@check("each title is a piece of its own", needs=one)
async def pieces(answer: Answer) -> None:
    [phone] = await read(make(answer, Pool(answer)))
    expect(phone.pieces, ["Dune\n", "Emma\n", "Kim\n"], "GET /export does not come in one piece for each title", hint=1)


@check("every connection is given back, also when the database fails", needs=one)
async def given_back(answer: Answer) -> None:
    for broken, what in ((False, "a download"), (True, "a request whose query raised ConnectionError")):
        pool = Pool(answer, broken)
        await read(make(answer, pool))
        expect((pool.borrowed, pool.lent), (1, 0),
               f"After {what}: how many connections have been borrowed, and how many are still out", hint=1)


@check("four slow readers, one after another, all get their stream", needs=given_back, timeout=10)
async def slow_readers(answer: Answer) -> None:
    pool, reading = Pool(answer), asyncio.Event()
    app, phones, out = make(answer, pool), [], []
    for _ in range(4):
        phones.append(Phone(app, reading))
        require(await phones[-1].begins(), f"Reader {len(phones)} has got nothing after {PATIENCE} seconds, "
                "while those before it are in the middle of their downloads", hint=3)
        out.append(pool.lent)
    reading.set()
    await asyncio.wait([phone.request for phone in phones])
    expect([phone.request.result() for phone in phones], [200, 200, 200, 200],
           "Four readers start one after another, and none is done when the next one comes; their statuses", hint=2)
    expect(out, [0, 0, 0, 0],
           "When the first title of each of the four arrives, so many connections are out", hint=2)


@check("four requests in the same moment take turns", needs=slow_readers)
async def same_moment(answer: Answer) -> None:
    pool = Pool(answer)
    phones = await read(make(answer, pool), readers=4)
    expect([phone.request.result() for phone in phones], [200, 200, 200, 200],
           "Four requests arrive in the same moment; their statuses", hint=3)
    expect((pool.borrowed, pool.refused), (4, 0),
           "Four requests in the same moment: how often the pool lent a connection, and how often it refused", hint=3)


@check("both connections are used", needs=same_moment)
async def both_used(answer: Answer) -> None:
    pool = Pool(answer)
    await read(make(answer, pool), readers=4)
    expect(pool.most, 2, "Four requests arrive in the same moment; so many connections were out at once, at most",
           hint=3)
