"""Downloads by readers who stop in the middle, from a pool that counts. Nothing here depends on time.

A query takes fifty turns of the event loop in which no worker thread is busy, far more than a request needs to come as
far as its query: requests that are sent together all arrive before the first of them has its titles.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from course.check import Answer, check, expect, require

TITLES = ["Dune", "Emma", "Kim"]
TURNS = 50
PATIENCE = 3  # seconds until a reader that waits counts as stuck: what is right needs milliseconds


async def quiet(look: Callable[[], None] = lambda: None) -> None:
    """Wait until no request gets any further: for TURNS turns no worker thread is busy. Call `look` at each turn."""
    calm, threads = 0, current_default_thread_limiter()
    while calm < TURNS:
        look()
        await asyncio.sleep(0)
        calm = 0 if threads.borrowed_tokens else calm + 1
    look()


class Pool:
    """Two connections, lent to whoever asks, and a record of it; `state` may be changed at any time.

    A query brings the `catalogue` as it is when the database is "well", raises ConnectionError when it is "broken",
    and never ends when it "hangs": then `hung` gets an entry. When it is "down", `borrow` raises ConnectionError.
    """

    def __init__(self, answer: Answer, state: str = "well") -> None:
        self.timeout, self.state, self.catalogue = answer.PoolTimeout, state, list(TITLES)
        self.lent, self.borrowed, self.refused, self.most = 0, 0, 0, 0
        self.hung = asyncio.Queue[None]()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the pool of the check has only `borrow` and `give_back`, no `{name}`")

    def borrow(self) -> "Connection":
        """Lend a connection, or raise PoolTimeout when both are lent out."""
        if self.lent == 2:
            self.refused += 1
            raise self.timeout("pool limit of size 2 reached")
        if self.state == "down":
            raise ConnectionError("the database does not answer")
        self.lent, self.borrowed = self.lent + 1, self.borrowed + 1
        self.most = max(self.most, self.lent)
        return Connection(self)

    def give_back(self, connection: "Connection") -> None:
        """Take a connection back, once."""
        if not connection.lent:
            raise RuntimeError("this connection has been given back already")
        connection.lent, self.lent = False, self.lent - 1


class Connection:
    """A connection that knows whether it is lent out."""

    def __init__(self, pool: Pool) -> None:
        self.pool, self.lent = pool, True

    async def titles(self) -> list[str]:
        """Return the titles, as the state of the pool's database has it."""
        await quiet(self._use)
        if self.pool.state == "broken":
            raise ConnectionError("the database has gone away")
        if self.pool.state == "hangs":
            self.pool.hung.put_nowait(None)
            await asyncio.Event().wait()
        return list(self.pool.catalogue)

    def _use(self) -> None:
        if not self.lent:
            raise RuntimeError("this connection has been given back")


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


async def hang(app: FastAPI, pool: Pool) -> Phone:
    """Let a reader start whose query never ends, and return when it has come so far."""
    phone = Phone(app, asyncio.Event())
    phone.request.add_done_callback(lambda _: pool.hung.put_nowait(None))
    await pool.hung.get()
    require(not phone.request.done(), "A request whose query takes very long ends before the query does")
    return phone


async def cancel(app: FastAPI, pool: Pool) -> None:
    """Let a reader start, and cancel the request in the middle of its query."""
    phone = await hang(app, pool)
    phone.request.cancel()
    await asyncio.wait([phone.request])


@check("one reader gets the titles")
async def one(answer: Answer) -> None:
    [phone] = await read(make(answer, Pool(answer)), crashes=False)
    require(phone.request.result() != 404, "GET /export answers 404: there is no GET /export yet", hint=1)
    expect(phone.request.result(), 200, "GET /export has the wrong status", hint=1)
    expect("".join(phone.pieces), "Dune\nEmma\nKim\n", "One reader of GET /export got the wrong text", hint=2)


@check("each title is a piece of its own", needs=one)
async def pieces(answer: Answer) -> None:
    [phone] = await read(make(answer, Pool(answer)))
    expect(phone.pieces, ["Dune\n", "Emma\n", "Kim\n"], "GET /export does not come in one piece for each title", hint=2)


@check("each download shows the catalogue as it is then", needs=one)
async def fresh(answer: Answer) -> None:
    pool = Pool(answer)
    app = make(answer, pool)
    await read(app)
    pool.catalogue.append("Walden")
    [phone] = await read(app)
    expect("".join(phone.pieces), "Dune\nEmma\nKim\nWalden\n",
           "Walden comes into the catalogue after the first download, and the second download does not show it", hint=2)


@check("every connection is given back, also when the database fails or the request is cancelled", needs=one)
async def given_back(answer: Answer) -> None:
    for state, what in (("well", "a download"), ("broken", "a request whose query raised ConnectionError"),
                        ("hangs", "a request that was cancelled during its query")):
        pool = Pool(answer, state)
        app = make(answer, pool)
        await (cancel(app, pool) if state == "hangs" else read(app))
        require(pool.borrowed == 1, f"After {what}, connections have been borrowed {pool.borrowed} times; each request "
                "borrows once", hint=1)
        require(pool.lent == 0, f"After {what}, {pool.lent} connection is still out", hint=1)


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
    require(pool.refused == 0, f"Four requests arrive in the same moment: the pool had to refuse {pool.refused} times; "
            "who waits for a turn must not ask it yet", hint=3)
    expect(pool.borrowed, 4, "Four requests arrive in the same moment; so often the pool lent a connection", hint=3)


@check("both connections are used", needs=same_moment)
async def both_used(answer: Answer) -> None:
    pool = Pool(answer)
    await read(make(answer, pool), readers=4)
    require(pool.most == 2, f"Four requests arrive in the same moment: at most {pool.most} connection was out at once, "
            "and there are 2", hint=3)


@check("a request that fails or is cancelled gives its turn back", needs=same_moment, timeout=10)
async def turns(answer: Answer) -> None:
    for state, what in (("broken", "failed"), ("hangs", "were cancelled"),
                        ("down", "got ConnectionError from `borrow`")):
        pool = Pool(answer, state)
        app, reading = make(answer, pool), asyncio.Event()
        for _ in range(2):
            await (cancel(app, pool) if state == "hangs" else read(app))
        pool.state = "well"
        reading.set()
        phone = Phone(app, reading)
        require(await phone.begins(), f"After two requests that {what}, the next one has got nothing after {PATIENCE} "
                "seconds", hint=1)
        await asyncio.wait([phone.request])
        expect(phone.request.result(), 200, f"After two requests that {what}, the next one has the wrong status",
               hint=1)


@check("a request that is cancelled while it waits gives back no turn", needs=both_used, timeout=10)
async def cancelled_waiting(answer: Answer) -> None:
    pool, reading = Pool(answer, "hangs"), asyncio.Event()
    app = make(answer, pool)
    held = [await hang(app, pool) for _ in range(2)]
    waiting = Phone(app, reading)
    await quiet()
    waiting.request.cancel()
    await asyncio.wait([waiting.request])
    pool.state = "well"
    reading.set()
    phones = [Phone(app, reading) for _ in range(2)]
    await quiet()
    for phone in held:
        phone.request.cancel()
    await asyncio.wait([phone.request for phone in held])
    tried = "Two requests are in their queries, a third is cancelled while it waits, and two more come"
    for phone in phones:
        require(await phone.begins(), f"{tried}: one of these has got nothing {PATIENCE} seconds after the first two "
                "have ended", hint=1)
    await asyncio.wait([phone.request for phone in phones])
    require(pool.refused == 0, f"{tried}: the pool had to refuse {pool.refused} times. Did the third give back a turn "
            "that it never had? Enter `try` only with the turn in hand", hint=1)
    expect([phone.request.result() for phone in phones], [200, 200], f"{tried}; the statuses of these", hint=1)


@check("an app does not wait for the requests of another app", needs=both_used, timeout=10)
async def apart(answer: Answer) -> None:
    busy, free, reading = Pool(answer, "hangs"), Pool(answer), asyncio.Event()
    app, other = make(answer, busy), make(answer, free)
    held = [await hang(app, busy) for _ in range(2)]
    reading.set()
    phone = Phone(other, reading)
    require(await phone.begins(), "Two requests to one app wait for its database; a request to another app, which has "
            f"a pool of its own, has got nothing after {PATIENCE} seconds", hint=3)
    await asyncio.wait([phone.request])
    expect(phone.request.result(), 200, "While two requests to one app wait for its database, a request to another "
           "app, which has a pool of its own, has the wrong status", hint=3)
    for waiting in held:
        waiting.request.cancel()
    await asyncio.wait([waiting.request for waiting in held])
