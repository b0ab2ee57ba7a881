"""Loans: each member's own; of others nobody learns that they exist."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select, update

from shelf.access import Caller, Session
from shelf.models import Book, Loan
from shelf.problems import Problem

router = APIRouter(prefix="/v1/loans", tags=["loans"])


class LoanIn(BaseModel):
    """Which book; who borrows it is who asks, and nothing in the body says otherwise."""

    model_config = ConfigDict(extra="forbid")

    book_id: int


class LoanOut(BaseModel):
    """A loan."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    book_id: int


@router.get("")
async def list_loans(session: Session, caller: Caller) -> list[LoanOut]:
    """List your own loans, the newest first."""
    found = await session.scalars(select(Loan).where(Loan.member_id == caller.id).order_by(Loan.id.desc()).limit(100))
    return [LoanOut.model_validate(loan) for loan in found]


@router.get("/{number}")
async def read_loan(number: int, session: Session, caller: Caller) -> LoanOut:
    """Read one of your loans; somebody else's is as if it were not there."""
    loan = await session.get(Loan, number)
    if loan is None or loan.member_id != caller.id:
        raise Problem(404, f"You have no loan {number}.")
    return LoanOut.model_validate(loan)


@router.post("", status_code=201)
async def lend(wanted: LoanIn, response: Response, session: Session, caller: Caller) -> LoanOut:
    """Borrow a copy, if one is left: the subtraction and the question are one statement."""
    taken = await session.scalar(update(Book).where(Book.id == wanted.book_id, Book.copies > 0)
                                 .values(copies=Book.copies - 1, version=Book.version + 1).returning(Book.id))
    if taken is None:
        there = await session.get(Book, wanted.book_id)
        raise Problem(409, "No copy is left.") if there else Problem(404, f"There is no book {wanted.book_id}.")
    loan = Loan(book_id=wanted.book_id, member_id=caller.id)
    session.add(loan)
    await session.flush()
    response.headers["Location"] = f"/v1/loans/{loan.id}"
    return LoanOut.model_validate(loan)


@router.delete("/{number}", status_code=204)
async def bring_back(number: int, session: Session, caller: Caller) -> None:
    """Bring a copy back."""
    loan = await session.get(Loan, number, with_for_update=True)
    if loan is None or loan.member_id != caller.id:
        raise Problem(404, f"You have no loan {number}.")
    await session.execute(update(Book).where(Book.id == loan.book_id)
                          .values(copies=Book.copies + 1, version=Book.version + 1))
    await session.delete(loan)
