"""Requests to the answer's app, with its own directory or with one that counts."""

from typing import Any

import httpx
from fastapi import FastAPI

from course.check import Answer, check, expect

PATHS = ("/books", "/terms", "/desk")
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


async def expect_answers(app: FastAPI, branch: str | None, books: list[str], loan_days: int, hint: int) -> None:
    """Expect what each endpoint says about one branch."""
    wanted = (books, {"loan_days": loan_days}, {"books": books, "loan_days": loan_days})
    for path, want in zip(PATHS, wanted, strict=True):
        reply = await get(app, path, branch)
        expect(reply.status_code, 200, f"GET {path} {SENT[branch]} has the wrong status", hint=hint)
        expect(reply.json(), want, f"GET {path} {SENT[branch]} has the wrong answer", hint=hint)


@check("the header X-Branch chooses the branch")
async def chosen(answer: Answer) -> None:
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
        expect(counting.asked, [branch],
               f"GET {path} with X-Branch: {branch} does not ask the provided directory exactly once", hint=3)


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
