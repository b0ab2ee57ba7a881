# caught by: bounds
# says: FastAPI answers 422 by itself
"""Two lists of Shelf, served page by page by one dependency."""

from typing import Annotated

from fastapi import Depends, FastAPI

BOOKS = [f"Book {number}" for number in range(1, 121)]
MEMBERS = [f"Member {number}" for number in range(1, 76)]

shelf = FastAPI()


class Page:
    """The part of a list that a request asks for."""

    def __init__(self, limit: int = 20, offset: int = 0) -> None:
        if not 1 <= limit <= 50 or offset < 0:
            raise ValueError("out of bounds")
        self.limit, self.offset = limit, offset

    def of(self, things: list[str]) -> dict[str, object]:
        """Return this page of `things`, and where the next one begins."""
        end = self.offset + self.limit
        return {"items": things[self.offset:end], "next": end if end < len(things) else None}


Paged = Annotated[Page, Depends(Page)]


@shelf.get("/books")
async def books(page: Paged) -> dict[str, object]:
    """Return a page of the books."""
    return page.of(BOOKS)


@shelf.get("/members")
async def members(page: Paged) -> dict[str, object]:
    """Return a page of the members."""
    return page.of(MEMBERS)
