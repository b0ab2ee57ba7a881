"""Requests that end in every way, and the order in which the log and the response came."""

import asyncio
from typing import Any

import httpx
from fastapi import Depends, FastAPI

from course.check import Answer, check, expect

ANSWER = "(the answer starts)"


def put_log(answer: Answer) -> list[str]:
    """Give the answer's app a new, empty log and return it."""
    log: list[str] = []

    async def get_new_log() -> list[str]:
        return log

    answer.shelf.dependency_overrides[answer.get_log] = get_new_log
    return log


async def post(app: FastAPI, log: list[str], path: str, member: str | None = "ada",
               crashes: bool = True) -> httpx.Response:
    """Send one request, and note in `log` when the answer to it starts.

    A crash arrives as a 500, unless `crashes` is False: then it is raised here, and the learner is told its line.
    """
    async def heard(scope: Any, receive: Any, send: Any) -> None:
        async def tell(message: Any) -> None:
            if message["type"] == "http.response.start":
                log.append(ANSWER)
            await send(message)
        await app(scope, receive, tell)

    door = httpx.ASGITransport(app=heard, raise_app_exceptions=not crashes)
    async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
        return await api.post(path, headers={"X-Member": member} if member else {})


async def expect_story(answer: Answer, path: str, status: int, lines: list[str], hint: int) -> None:
    """Expect the status and the lines in the log, wherever among them the answer starts."""
    log = put_log(answer)
    reply = await post(answer.shelf, log, path, crashes=status != 200)
    expect(reply.status_code, status, f"POST {path} has the wrong status", hint=hint)
    expect([line for line in log if line != ANSWER], lines, f"POST {path} by ada leaves the wrong lines", hint=hint)


@check("a loan leaves four lines, and the client gets its answer")
async def lent(answer: Answer) -> None:
    await expect_story(answer, "/loans/Dune?days=5", 200, ["ada: begin", "lend Dune", "ada: done", "ada: end"], 1)
    log = put_log(answer)
    reply = await post(answer.shelf, log, "/loans/Dune", member=None)
    expect(reply.json(), {"fee_per_day": 10 / 21}, "POST /loans/Dune, which is for 21 days, has the wrong answer")
    expect(log[0], "nobody: begin", "POST /loans/Dune without the header X-Member leaves a wrong first line", hint=1)


@check("a refusal stays a refusal, and is in the log with its status", needs=lent)
async def refused(answer: Answer) -> None:
    await expect_story(answer, "/loans/Emma", 409,
                       ["ada: begin", "lend Emma", "ada: refused 409", "ada: end"], 2)


@check("a crash stays a crash, and is in the log with its class", needs=lent)
async def crashed(answer: Answer) -> None:
    await expect_story(answer, "/loans/Dune?days=0", 500,
                       ["ada: begin", "lend Dune", "ada: crashed ZeroDivisionError", "ada: end"], 2)


@check("a request that does not fit is in the log, and never reaches the endpoint", needs=lent)
async def invalid(answer: Answer) -> None:
    await expect_story(answer, "/loans/Dune?days=soon", 422, ["ada: begin", "ada: invalid", "ada: end"], 2)


@check("the log is complete before the answer starts, however it ended", needs=lent)
async def complete_before_the_answer(answer: Answer) -> None:
    for path in ("/loans/Dune", "/loans/Emma", "/loans/Dune?days=0", "/loans/Dune?days=soon"):
        log = put_log(answer)
        await post(answer.shelf, log, path)
        expect(log[-2:], ["ada: end", ANSWER], f"POST {path}: these are the last two things that happen", hint=3)


@check("a cancelled request leaves its end in the log", needs=lent)
async def cancelled(answer: Answer) -> None:
    log = put_log(answer)
    waiting = asyncio.Event()

    async def guard() -> None:
        waiting.set()
        await asyncio.Event().wait()  # for ever: the request can only be cancelled

    @answer.shelf.get("/waits")
    async def waits(_: None = Depends(answer.audit), __: None = Depends(guard)) -> None:
        """Never reached."""

    request = asyncio.create_task(_get(answer.shelf, "/waits"))
    request.add_done_callback(lambda _: waiting.set())
    await waiting.wait()
    expect(request.done(), False, "GET /waits, an endpoint of the check that stands on your audit, has already ended")
    request.cancel()
    await asyncio.wait([request])
    expect(log, ["ada: begin", "ada: end"],
           "GET /waits, an endpoint of the check that stands on your audit, is cancelled while it waits", hint=3)


async def _get(app: FastAPI, path: str) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shelf") as api:
        await api.get(path, headers={"X-Member": "ada"})
