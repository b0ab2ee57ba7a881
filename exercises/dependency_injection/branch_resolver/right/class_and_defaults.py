# One class reads the header and one finds the branch; Depends stands as default values.
from dataclasses import dataclass

from fastapi import Depends, FastAPI, Header, HTTPException


@dataclass(frozen=True)
class Branch:
    books: tuple[str, ...]
    loan_days: int


class Directory:
    def __init__(self, branches):
        self.branches = branches

    async def find(self, code):
        return self.branches.get(code)


DIRECTORY = Directory({"main": Branch(("Dune", "Emma"), 21), "north": Branch(("Kim",), 14)})


async def get_directory():
    return DIRECTORY


shelf = FastAPI()


class Named:
    def __init__(self, x_branch: str | None = Header(None)):
        self.code = "main" if x_branch is None else x_branch


async def resolve(named: Named = Depends(), directory=Depends(get_directory)) -> Branch:
    if found := await directory.find(named.code):
        return found
    raise HTTPException(status_code=404)


def titles(branch: Branch = Depends(resolve)):
    return branch.books


def days(branch: Branch = Depends(resolve)):
    return branch.loan_days


def get_terms(loan_days: int = Depends(days)):
    return {"loan_days": loan_days}


@shelf.get("/books")
def list_books(found=Depends(titles)):
    return found


@shelf.get("/terms")
def say_terms(found=Depends(get_terms)):
    return found


@shelf.get("/desk")
def both(found=Depends(titles), terms=Depends(get_terms)):
    return {"books": found, **terms}
