# The class stands on a configured instance, as in the lesson, which refuses instead of capping.
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query

BOOKS = [f"Book {number}" for number in range(1, 121)]
MEMBERS = [f"Member {number}" for number in range(1, 76)]
shelf = FastAPI()


class AtMost:
    def __init__(self, most: int) -> None:
        self.most = most

    async def __call__(self, limit: int = 20) -> int:
        if not 0 < limit <= self.most:
            raise HTTPException(422, f"limit must be 1 to {self.most}")
        return limit


Limit = Annotated[int, Depends(AtMost(50))]


class Page:
    def __init__(self, limit: Limit, offset: Annotated[int, Query(ge=0)] = 0) -> None:
        self.limit, self.offset = limit, offset

    def of(self, things):
        following = self.offset + self.limit
        return {"items": things[self.offset:following], "next": None if following >= len(things) else following}


@shelf.get("/books")
async def books(page: Page = Depends(Page)):
    return page.of(BOOKS)


@shelf.get("/members")
async def members(page: Page = Depends(Page)):
    return page.of(MEMBERS)
