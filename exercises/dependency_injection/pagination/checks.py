"""Pages of two lists, asked for over HTTP in this process."""

import httpx
from fastapi import FastAPI

from course.check import Answer, Failure, check, expect, require


async def get(app: FastAPI, path: str) -> httpx.Response:
    """Send one request to `app`, in this process."""
    door = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=door, base_url="http://shelf") as api:
        return await api.get(path)


def numbered(name: str, first: int, last: int) -> list[str]:
    """Return `name first` to `name last`."""
    return [f"{name} {number}" for number in range(first, last + 1)]


async def answered(app: FastAPI, path: str, key: str) -> object:
    """Expect an answer to `path` that is a page, and return what it has under `key`."""
    reply = await get(app, path)
    expect(reply.status_code, 200, f"GET {path} has the wrong status", hint=2)
    page = reply.json()
    require(isinstance(page, dict) and key in page,
            f"GET {path} answers without `{key}`: every page has `items` and `next`, which is None on the last one",
            hint=2)
    return page[key]


@check("a request without parameters gets the first 20")
async def first_page(answer: Answer) -> None:
    for path, name in (("/books", "Book"), ("/members", "Member")):
        reply = await get(answer.shelf, path)
        require(reply.status_code != 404, f"GET {path} answers 404: there is no GET {path} yet", hint=1)
        expect(reply.status_code, 200, f"GET {path} without parameters has the wrong status", hint=2)
        expect(reply.json(), {"items": numbered(name, 1, 20), "next": 20},
               f"GET {path} without parameters does not return the first 20 and where the next page begins", hint=2)


@check("limit and offset choose the part of the list", needs=first_page)
async def part(answer: Answer) -> None:
    for query, first, last in (("limit=3&offset=10", 11, 13), ("limit=49&offset=1", 2, 50), ("offset=60", 61, 80)):
        expect(await answered(answer.shelf, f"/books?{query}", "items"), numbered("Book", first, last),
               f"GET /books?{query} has the wrong items", hint=2)


@check("next leads through the list and is None on its last page", needs=part)
async def next_page(answer: Answer) -> None:
    for path, want in (("/books?limit=40&offset=40", 80), ("/members?limit=25&offset=49", 74)):
        expect(await answered(answer.shelf, path, "next"), want, f"GET {path} has the wrong `next`", hint=2)
    for path in ("/books?limit=40&offset=80", "/members?limit=25&offset=50", "/members?offset=500"):
        got = await answered(answer.shelf, path, "next")
        require(got is None, f"GET {path} leaves nothing for another page, so its `next` must be None; "
                f"it is {got!r}", hint=2)


@check("what lies outside the bounds is refused with 422, on both lists", needs=first_page)
async def bounds(answer: Answer) -> None:
    for path in ("/books", "/members"):
        for query, want in (("limit=1", 200), ("limit=50", 200), ("offset=0", 200),
                            ("limit=51", 422), ("limit=0", 422), ("limit=-1", 422), ("offset=-1", 422)):
            try:
                status = (await get(answer.shelf, f"{path}?{query}")).status_code
            except Exception as error:
                raise Failure(f"GET {path}?{query} must be answered with {want}, and your code raises "
                              f"{type(error).__name__}: {error}. FastAPI answers 422 by itself where bounds stand "
                              "beside the type.", hint=1) from None
            expect(status, want, f"GET {path}?{query} has the wrong status", hint=1)


@check("both lists stand on the same Page: replacing it changes both", needs=part)
async def shared(answer: Answer) -> None:
    async def third_page() -> object:
        return answer.Page(limit=2, offset=4)

    answer.shelf.dependency_overrides[answer.Page] = third_page
    for path, name in (("/books", "Book"), ("/members", "Member")):
        expect((await get(answer.shelf, path)).json(), {"items": numbered(name, 5, 6), "next": 6},
               f"With `Page` replaced in `dependency_overrides` by one of limit 2 and offset 4, GET {path} returns "
               "something else. Does it get its page from `Depends(Page)`?", hint=3)
