"""Requests to the answer's app, with its own directory or with one that counts."""

import asyncio
from typing import Any

import httpx
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from course.check import Answer, check, expect, require

PATHS = ("/books", "/terms", "/desk")
TURNS = 50  # of the event loop with no worker thread busy: far more than a request needs to come to its next wait
SENT = {None: "without the header", "main": "with X-Branch: main", "north": "with X-Branch: north"}


async def get(app: FastAPI, path: str, branch: str | None) -> httpx.Response:
    """Ask for `path`, naming `branch` in the header unless it is None."""
    headers = {} if branch is None else {"X-Branch": branch}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shelf") as api:
        return await api.get(path, headers=headers)


class Counting:
    """A directory that notes each question."""

    def __init__(self, branches: dict[str, Any]) -> None:
        self.branches = branches
        self.asked: list[str] = []

    async def find(self, code: str) -> Any:
        """Return the branch, or None."""
        self.asked.append(code)
        return self.branches.get(code)


def put_counting(answer: Answer) -> Counting:
    """Replace the directory of the answer's app by a new one with other branches, which all lend for 7 days."""
    counting = Counting({code: answer.Branch(("Moby Dick",), 7) for code in ("east", "west", "harbour", "main")})

    async def get_counting() -> Counting:
        return counting

    answer.shelf.dependency_overrides[answer.get_directory] = get_counting
    return counting


async def quiet() -> None:
    """Wait until no request gets any further: for so many turns of the loop no worker thread has been busy."""
    calm, threads = 0, current_default_thread_limiter()
    while calm < TURNS:
        await asyncio.sleep(0)
        calm = 0 if threads.borrowed_tokens else calm + 1


class Meeting(Counting):
    """A directory that answers two requests only when both have asked, and its provider, which waits likewise."""

    def __init__(self, branches: dict[str, Any]) -> None:
        super().__init__(branches)
        self.provided, self.open = asyncio.Event(), asyncio.Event()

    async def provide(self) -> "Meeting":
        """Provide the directory."""
        await self.provided.wait()
        return self

    async def find(self, code: str) -> Any:
        """Return the branch, or None."""
        await self.open.wait()
        return await super().find(code)

    async def lead(self) -> None:
        """Let both requests come as far as they can, three times: to the provider, to `find`, and to worker threads."""
        await quiet()
        self.provided.set()
        await quiet()
        threads, borrowers = current_default_thread_limiter(), []
        while threads.available_tokens:
            borrowers.append(object())
            threads.acquire_on_behalf_of_nowait(borrowers[-1])
        self.open.set()
        for _ in range(TURNS):
            await asyncio.sleep(0)
        for borrower in borrowers:
            threads.release_on_behalf_of(borrower)


async def expect_answers(app: FastAPI, branch: str | None, books: list[str], loan_days: int, hint: int) -> None:
    """Expect what each endpoint says about one branch."""
    wanted = (books, {"loan_days": loan_days}, {"books": books, "loan_days": loan_days})
    for path, want in zip(PATHS, wanted, strict=True):
        reply = await get(app, path, branch)
        require(reply.status_code != 404, f"GET {path} {SENT[branch]} answers 404: either there is no GET {path} yet, "
                f"or it does not find the branch {branch or 'main'}", hint=hint)
        expect(reply.status_code, 200, f"GET {path} {SENT[branch]} has the wrong status", hint=hint)
        expect(reply.json(), want, f"GET {path} {SENT[branch]} has the wrong answer", hint=hint)


@check("the header X-Branch chooses the branch")
async def chosen(answer: Answer) -> None:
    terms = await get(answer.shelf, "/terms", "north")
    require(terms.text != '{"loan_days":21}',
            "GET /terms with X-Branch: north got the answer for main: the header was not read", hint=2)
    await expect_answers(answer.shelf, "north", ["Kim"], 14, hint=1)
    await expect_answers(answer.shelf, "main", ["Dune", "Emma"], 21, hint=1)


@check("a request without the header is for the branch main", needs=chosen)
async def default(answer: Answer) -> None:
    await expect_answers(answer.shelf, None, ["Dune", "Emma"], 21, hint=2)


@check("an unknown branch is refused with 404, whatever is asked for", needs=chosen)
async def unknown(answer: Answer) -> None:
    for path in PATHS:
        for branch in ("moon", "North"):
            expect((await get(answer.shelf, path, branch)).status_code, 404,
                   f"GET {path} with X-Branch: {branch}, a branch that does not exist, has the wrong status", hint=2)


@check("a request asks the directory once, and it asks the one that is provided", needs=chosen)
async def once(answer: Answer) -> None:
    for path, branch in zip(PATHS, ("east", "west", "main"), strict=True):
        counting = put_counting(answer)
        await get(answer.shelf, path, branch)
        times = len(counting.asked)
        require(times == 1, f"GET {path} with X-Branch: {branch} must ask the directory that `get_directory` provides "
                f"once; it asked it {times} times", hint=3 if times else 1)
        expect(counting.asked[0], branch, f"GET {path} with X-Branch: {branch} asks the directory for another branch",
               hint=2)


@check("a branch without books and with 0 loan days is a branch all the same", needs=once)
async def empty(answer: Answer) -> None:
    put_counting(answer).branches["east"] = answer.Branch((), 0)
    for path, want in zip(PATHS, ([], {"loan_days": 0}, {"books": [], "loan_days": 0}), strict=True):
        reply = await get(answer.shelf, path, "east")
        tried = f"GET {path} with X-Branch: east, a branch that exists, with no books yet and 0 loan days,"
        expect(reply.status_code, 200, f"{tried} has the wrong status", hint=2)
        expect(reply.json(), want, f"{tried} has the wrong answer", hint=2)


@check("each request asks anew, so a change in the directory is seen at once", needs=once)
async def anew(answer: Answer) -> None:
    counting = put_counting(answer)
    first = await get(answer.shelf, "/terms", "harbour")
    expect(first.json(), {"loan_days": 7}, "GET /terms for the branch harbour, which lends for 7 days", hint=3)
    counting.branches["harbour"] = answer.Branch(("Moby Dick",), 28)
    second = await get(answer.shelf, "/terms", "harbour")
    expect(second.json(), {"loan_days": 28},
           "Between two requests the branch harbour changes its loan days from 7 to 28, "
           "and the second GET /terms does not say so", hint=3)


@check("two requests at once, for two branches, do not get mixed up", needs=once)
async def apart(answer: Answer) -> None:
    branches = {"east": answer.Branch(("Moby Dick",), 7), "west": answer.Branch(("Walden",), 28)}
    wanted = (["Moby Dick"], {"loan_days": 7}, {"books": ["Moby Dick"], "loan_days": 7}), \
             (["Walden"], {"loan_days": 28}, {"books": ["Walden"], "loan_days": 28})
    for path, *wants in zip(PATHS, *wanted, strict=True):
        meeting = Meeting(branches)
        answer.shelf.dependency_overrides[answer.get_directory] = meeting.provide
        requests = [asyncio.create_task(get(answer.shelf, path, branch)) for branch in branches]
        await meeting.lead()
        got = [(await request).json() for request in requests]
        expect(got, wants, f"GET {path} is asked twice at the same moment, with X-Branch: east and with "
               "X-Branch: west, and each must get the answer of its own branch", hint=3)
