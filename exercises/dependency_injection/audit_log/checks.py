"""Requests that end in every way, and the order in which the log and the response came."""

import asyncio
import inspect
from typing import Any

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import ResponseValidationError

from course.check import Answer, Failure, check, expect, require

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


async def expect_story(answer: Answer, path: str, status: int, lines: list[str], hint: int) -> httpx.Response:
    """Expect the status and the lines in the log, wherever among them the answer starts; return the answer."""
    log = put_log(answer)
    reply = await returned(answer, log, path, crashes=status != 200)
    require(reply.status_code != 404, f"POST {path} answers 404: there is no POST /loans/{{title}} yet", hint=1)
    expect(reply.status_code, status, f"POST {path} has the wrong status", hint=hint)
    own = [line for line in log if line != ANSWER]
    require(status != 200 or any(line.startswith("ada:") for line in own),
            f"POST {path} by ada leaves no line that begins with `ada:`. The check provides a log of its own through "
            f"`get_log`; what is in it: {own}", hint=1)
    expect(own, lines, f"POST {path} by ada leaves the wrong lines in the log that `get_log` provides", hint=hint)
    return reply


async def returned(answer: Answer, log: list[str], path: str, member: str | None = "ada",
                   crashes: bool = False) -> httpx.Response:
    """Send a request; say it in words when the endpoint returned what its annotation excludes, such as a coroutine."""
    try:
        return await post(answer.shelf, log, path, member, crashes)
    except ResponseValidationError as error:
        if inspect.iscoroutine(error.body):
            error.body.close()
            raise Failure(f"POST {path}: the endpoint returned a coroutine. Is an `await` missing?", hint=3) from None
        raise Failure(f"POST {path}: FastAPI refused what the endpoint returned, {error.body!r}, because it does not "
                      "fit the annotation after `->`. `lend_book` shows the type.") from None


async def expect_raised(answer: Answer, error: Exception, line: str) -> None:
    """Expect `line` in the log when an endpoint of the check raises `error`."""
    @answer.shelf.post("/raises")
    async def raises(_: None = Depends(answer.audit)) -> None:
        raise error

    log = put_log(answer)
    await post(answer.shelf, log, "/raises")
    expect([own for own in log if own != ANSWER], ["ada: begin", line, "ada: end"], "POST /raises by ada, to an "
           f"endpoint of the check that stands on your audit and raises {error!r}, leaves the wrong lines", hint=2)


@check("a loan leaves four lines, and the client gets its answer")
async def lent(answer: Answer) -> None:
    await expect_story(answer, "/loans/Dune?days=5", 200, ["ada: begin", "lend Dune", "ada: done", "ada: end"], 1)
    log = put_log(answer)
    reply = await returned(answer, log, "/loans/Dune", member=None)
    expect(reply.status_code, 200, "POST /loans/Dune, without `days` and without the header X-Member, "
           "has the wrong status", hint=2)
    expect(reply.json(), {"fee_per_day": 10 / 21}, "POST /loans/Dune, which is for 21 days, has the wrong answer",
           hint=3)
    first = log[0] if log else None
    expect(first, "nobody: begin", "POST /loans/Dune without the header X-Member leaves a wrong first line", hint=2)


@check("a refusal stays a refusal, and is in the log with its status", needs=lent)
async def refused(answer: Answer) -> None:
    reply = await expect_story(answer, "/loans/Emma", 409,
                               ["ada: begin", "lend Emma", "ada: refused 409", "ada: end"], 2)
    expect(reply.json(), {"detail": "No copy is on the shelf."},
           "POST /loans/Emma is refused with another text than without an audit", hint=2)
    await expect_raised(answer, HTTPException(403), "ada: refused 403")


@check("a crash stays a crash, and is in the log with its class", needs=lent)
async def crashed(answer: Answer) -> None:
    path = "/loans/Dune?days=0"
    reply = await post(answer.shelf, put_log(answer), path)
    require(reply.status_code != 422, f"POST {path} answers 422: it must come as far as `lend_book`, which alone knows "
            "the rules", hint=3)
    reply = await expect_story(answer, path, 500,
                               ["ada: begin", "lend Dune", "ada: crashed ZeroDivisionError", "ada: end"], 2)
    expect(reply.text, "Internal Server Error", f"POST {path} tells the client more than without an audit", hint=2)
    seen = "no error at all"
    try:
        await post(answer.shelf, put_log(answer), path, crashes=False)
    except Exception as error:
        seen = type(error).__name__
    expect(seen, "ZeroDivisionError", f"POST {path}: the server no longer sees the error that was raised", hint=2)
    await expect_raised(answer, OSError("disk full"), "ada: crashed OSError")


@check("a request that does not fit is in the log, and never reaches the endpoint", needs=lent)
async def invalid(answer: Answer) -> None:
    reply = await expect_story(answer, "/loans/Dune?days=soon", 422, ["ada: begin", "ada: invalid", "ada: end"], 2)
    require('"loc":["query","days"]' in reply.text, "POST /loans/Dune?days=soon: without an audit the answer says that "
            f"`days` does not fit, now it says {reply.text}", hint=2)


@check("the log is complete before the answer starts, however it ended", needs=lent)
async def complete_before_the_answer(answer: Answer) -> None:
    for path in ("/loans/Dune", "/loans/Emma", "/loans/Dune?days=0", "/loans/Dune?days=soon"):
        log = put_log(answer)
        await post(answer.shelf, log, path)
        expect(log[-2:], ["ada: end", ANSWER], f"POST {path}: these are the last two things that happen", hint=3)


class Waiting:
    """An endpoint of the check, GET /waits: it stands on the answer's audit and waits until it is let go."""

    def __init__(self, answer: Answer) -> None:
        self.app, self.here, self.gates = answer.shelf, asyncio.Queue[None](), dict[str, asyncio.Event]()

        async def guard(request: Request) -> None:
            self.here.put_nowait(None)
            await self.gates[request.headers["X-Member"]].wait()

        @answer.shelf.get("/waits")
        async def waits(_: None = Depends(answer.audit), __: None = Depends(guard)) -> None:
            """Return nothing."""

    async def arrive(self, member: str) -> asyncio.Task[None]:
        """Send a request by `member`, and return it when it waits."""
        self.gates[member] = asyncio.Event()
        request = asyncio.create_task(self._get(member))
        request.add_done_callback(lambda _: self.here.put_nowait(None))
        await self.here.get()
        if request.done():
            request.result()
        require(not request.done(), "GET /waits, an endpoint of the check that stands on your audit, ends too early",
                hint=1)
        return request

    async def _get(self, member: str) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://shelf") as api:
            await api.get("/waits", headers={"X-Member": member})


@check("a cancelled request leaves its end in the log, and stays cancelled", needs=lent)
async def cancelled(answer: Answer) -> None:
    log = put_log(answer)
    request = await Waiting(answer).arrive("ada")
    request.cancel()
    await asyncio.wait([request])
    expect(log, ["ada: begin", "ada: end"],
           "GET /waits, an endpoint of the check that stands on your audit, is cancelled while it waits", hint=3)
    require(request.cancelled(), "GET /waits, an endpoint of the check that stands on your audit, is cancelled while "
            "it waits, and the cancellation does not come out: an `except` without `raise` has kept it", hint=2)


@check("two members at once do not get mixed up", needs=lent)
async def apart(answer: Answer) -> None:
    log, waiting = put_log(answer), Waiting(answer)
    requests = {member: await waiting.arrive(member) for member in ("ada", "ben")}
    for member, request in requests.items():
        waiting.gates[member].set()
        await asyncio.wait([request])
    expect(log, ["ada: begin", "ben: begin", "ada: done", "ada: end", "ben: done", "ben: end"],
           "GET /waits, an endpoint of the check that stands on your audit: ada comes, ben comes, ada's request ends, "
           "then ben's", hint=2)
