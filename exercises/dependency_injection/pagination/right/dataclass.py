# A dataclass, and the bounds checked by hand: 422 is raised as an HTTPException.
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException

BOOKS = [f"Book {number}" for number in range(1, 121)]
MEMBERS = [f"Member {number}" for number in range(1, 76)]
shelf = FastAPI()


@dataclass
class Page:
    limit: int = 20
    offset: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= 50 or self.offset < 0:
            raise HTTPException(422, "limit must be 1 to 50, offset 0 or more")

    def of(self, things: list[str]) -> dict[str, Any]:
        rest = things[self.offset:]
        following = self.offset + self.limit if len(rest) > self.limit else None
        return {"items": rest[:self.limit], "next": following}


@shelf.get("/books")
def books(page: Annotated[Page, Depends()]) -> dict[str, Any]:
    return page.of(BOOKS)


@shelf.get("/members")
def members(page: Annotated[Page, Depends()]) -> dict[str, Any]:
    return page.of(MEMBERS)
