# caught by: empty
# says: a branch that exists, with no books yet
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


async def get_code(code: Annotated[str, Header(alias="X-Branch")] = "main") -> str:
    return code


async def get_branch(code: Annotated[str, Depends(get_code)],
                     directory: Annotated[Directory, Depends(get_directory)]) -> Branch:
    """Provide the branch, or refuse."""
    branch = await directory.find(code)
    if branch is None:
        raise HTTPException(404, f"There is no branch {code}.")
    return branch


Here = Annotated[Branch, Depends(get_branch)]


async def get_books(branch: Here) -> list[str]:
    if not branch.books:
        raise HTTPException(404, "There are no books.")
    return list(branch.books)


async def get_loan_days(branch: Here) -> int:
    return branch.loan_days


Books = Annotated[list[str], Depends(get_books)]
LoanDays = Annotated[int, Depends(get_loan_days)]


@shelf.get("/books")
async def books(books: Books) -> list[str]:
    """List the titles."""
    return books


@shelf.get("/terms")
async def terms(loan_days: LoanDays) -> dict[str, int]:
    """Say how long a loan lasts."""
    return {"loan_days": loan_days}


@shelf.get("/desk")
async def desk(books: Books, loan_days: LoanDays) -> dict[str, object]:
    """Return both."""
    return {"books": books, "loan_days": loan_days}
