"""Pages of two lists, asked for over HTTP in this process."""

import httpx
from fastapi import FastAPI

from course.check import Answer, check, expect


async def get(app: FastAPI, path: str) -> httpx.Response:
    """Send one request to `app`, in this process."""
    door = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
        return await api.get(path)


def numbered(name: str, first: int, last: int) -> list[str]:
    """Return `name first` to `name last`."""
    return [f"{name} {number}" for number in range(first, last + 1)]


@check("a request without parameters gets the first 20")
async def first_page(answer: Answer) -> None:
    for path, name in (("/books", "Book"), ("/members", "Member")):
        reply = await get(answer.shelf, path)
        expect(reply.status_code, 200, f"GET {path} without parameters has the wrong status", hint=1)
        expect(reply.json(), {"items": numbered(name, 1, 20), "next": 20},
               f"GET {path} without parameters does not return the first 20 and where the next page begins", hint=2)


@check("limit and offset choose the part of the list", needs=first_page)
async def part(answer: Answer) -> None:
    for query, first, last in (("limit=3&offset=10", 11, 13), ("limit=49&offset=1", 2, 50), ("offset=60", 61, 80)):
        reply = await get(answer.shelf, f"/books?{query}")
        expect(reply.status_code, 200, f"GET /books?{query} has the wrong status")
        expect(reply.json()["items"], numbered("Book", first, last), f"GET /books?{query} has the wrong items", hint=2)


@check("next leads through the list and is None on its last page", needs=part)
async def next_page(answer: Answer) -> None:
    for path, want in (("/books?limit=40&offset=40", 80), ("/books?limit=40&offset=80", None),
                       ("/members?limit=25&offset=50", None), ("/members?limit=25&offset=49", 74),
                       ("/members?offset=500", None)):
        reply = await get(answer.shelf, path)
        expect(reply.status_code, 200, f"GET {path} has the wrong status", hint=2)
        expect(reply.json()["next"], want, f"GET {path} has the wrong `next`", hint=2)


@check("what lies outside the bounds is refused with 422, on both lists", needs=first_page)
async def bounds(answer: Answer) -> None:
    for path in ("/books", "/members"):
        for query, want in (("limit=1", 200), ("limit=50", 200), ("offset=0", 200),
                            ("limit=51", 422), ("limit=0", 422), ("limit=-1", 422), ("offset=-1", 422)):
            expect((await get(answer.shelf, f"{path}?{query}")).status_code, want,
                   f"GET {path}?{query} has the wrong status", hint=1)


@check("both lists stand on the same Page: replacing it changes both", needs=part)
async def shared(answer: Answer) -> None:
    async def third_page() -> object:
        return answer.Page(limit=2, offset=4)

    answer.shelf.dependency_overrides[answer.Page] = third_page
    for path, name in (("/books", "Book"), ("/members", "Member")):
        expect((await get(answer.shelf, path)).json(), {"items": numbered(name, 5, 6), "next": 6},
               f"With Page replaced by one of limit 2 and offset 4, GET {path} returns something else", hint=3)
