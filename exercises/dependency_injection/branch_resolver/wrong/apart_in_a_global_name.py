# caught by: apart
# says: each must get the answer of its own branch
"""Three endpoints that stand on the branch which a request names."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException


@dataclass(frozen=True)
class Branch:
    """One house of the library."""

    books: tuple[str, ...]
    loan_days: int


class Directory:
    """Knows every branch. The real one is remote and slow."""

    def __init__(self, branches: dict[str, Branch]) -> None:
        self.branches = branches

    async def find(self, code: str) -> Branch | None:
        """Return the branch of this code, or None when there is none."""
        return self.branches.get(code)


DIRECTORY = Directory({"main": Branch(("Dune", "Emma"), 21), "north": Branch(("Kim",), 14)})


async def get_directory() -> Directory:
    """Provide the directory."""
    return DIRECTORY


shelf = FastAPI()


async def get_code(x_branch: Annotated[str, Header()] = "main") -> str:
    return x_branch


CURRENT: dict = {}


async def get_branch(code: Annotated[str, Depends(get_code)], directory: Annotated[Directory, Depends(get_directory)]) -> Branch:
    branch = await directory.find(code)
    if branch is None:
        raise HTTPException(404, "No such branch.")
    CURRENT["branch"] = branch
    return branch


def get_titles():
    return CURRENT["branch"].books


def get_loan_days():
    return CURRENT["branch"].loan_days


@shelf.get("/books")
async def books(branch: Annotated[Branch, Depends(get_branch)], titles: Annotated[list[str], Depends(get_titles)]):
    return titles


@shelf.get("/terms")
async def terms(branch: Annotated[Branch, Depends(get_branch)], days: Annotated[int, Depends(get_loan_days)]):
    return {"loan_days": days}


@shelf.get("/desk")
async def desk(branch: Annotated[Branch, Depends(get_branch)], titles: Annotated[list[str], Depends(get_titles)], days: Annotated[int, Depends(get_loan_days)]):
    return {"books": titles, "loan_days": days}
