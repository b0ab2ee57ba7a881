"""Books: read by all, changed by the staff, each change under the version that was read."""

import base64
import binascii
import hashlib
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shelf.access import Session, Staff
from shelf.models import Answered, Book
from shelf.problems import Problem

router = APIRouter(prefix="/v1/books", tags=["books"])
Title = Annotated[str, Field(min_length=1, max_length=200)]
Copies = Annotated[int, Field(ge=0, le=1000)]
IfMatch = Annotated[str | None, Header(alias="If-Match")]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=8, max_length=64)]


class BookIn(BaseModel):
    """A book as it is sent: a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    author: Title
    copies: Copies = 1


class BookChange(BaseModel):
    """Fields to change (RFC 7396): what is absent stays. None of them can be null."""

    model_config = ConfigDict(extra="forbid")

    title: Title = ""
    author: Title = ""
    copies: Copies = 0


class BookOut(BaseModel):
    """A book as it is told: exactly these fields, whatever the table has."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    title: str
    author: str
    copies: int


class Page(BaseModel):
    """Some books, and the address of those that follow."""

    items: list[BookOut]
    next: str | None


@router.get("")
async def list_books(request: Request, response: Response, session: Session, author: str | None = None,
                     sort: Literal["title", "-title"] = "title", limit: Annotated[int, Query(ge=1, le=100)] = 20,
                     cursor: str | None = None) -> Page:
    """List books by title, a page at a time; the next page begins behind the last book of this one."""
    down = sort.startswith("-")
    order = [column.desc() if down else column for column in (Book.title, Book.id)]
    query = select(Book).order_by(*order).limit(limit + 1)
    if author is not None:
        query = query.where(Book.author == author)
    if cursor is not None:
        here, last = tuple_(Book.title, Book.id), tuple_(*_opened(cursor))
        query = query.where(here < last if down else here > last)
    found = list(await session.scalars(query))
    page, more = found[:limit], len(found) > limit
    following = str(request.url.include_query_params(cursor=_closed(page[-1]))) if more else None
    following = following and following.removeprefix(str(request.base_url).rstrip("/"))
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'  # RFC 8288
    return Page(items=[BookOut.model_validate(book) for book in page], next=following)


def _closed(book: Book) -> str:
    """Return the place of a book as a word that nobody needs to understand."""
    return base64.urlsafe_b64encode(f"{book.id} {book.title}".encode()).decode().rstrip("=")


def _opened(cursor: str) -> tuple[str, int]:
    try:
        number, space, title = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(" ")
        if space:
            return title, int(number)
    except (binascii.Error, ValueError):
        pass
    raise Problem(400, "This cursor is none of ours: begin without one.")


@router.get("/{number}")
async def read_book(number: int, response: Response, session: Session, if_none_match: IfNoneMatch = None) -> Any:
    """Read one book, or learn that the version you have is still the newest (RFC 9110, section 13.1.2)."""
    book = await _book(session, number)
    response.headers["ETag"] = _tag(book)
    response.headers["Cache-Control"] = "private, no-cache"  # kept, and asked about each time
    if if_none_match is not None and _names(if_none_match, _tag(book)):
        return Response(status_code=304, headers=dict(response.headers))
    return BookOut.model_validate(book)


@router.post("", status_code=201)
async def add_book(new: BookIn, response: Response, session: Session, caller: Staff, key: Key = None) -> BookOut:
    """Add a book; the same key and the same book once more bring the first answer again."""
    asked = await _first_time(session, key, caller.id, new) if key else None
    if asked and asked.location:
        response.headers["Location"] = asked.location
        return BookOut.model_validate(asked.body)
    book = Book(**new.model_dump())
    session.add(book)
    await _flush(session, "There is a book of this title and author.")
    body = BookOut.model_validate(book)
    response.headers.update({"Location": f"/v1/books/{book.id}", "ETag": _tag(book)})
    if asked:
        asked.location, asked.body = response.headers["Location"], body.model_dump()
    return body


@router.put("/{number}")
async def replace_book(number: int, new: BookIn, response: Response, session: Session, caller: Staff,
                       if_match: IfMatch = None) -> BookOut:
    """Replace a book that nobody has changed meanwhile."""
    return await _change(session, response, number, if_match, new.model_dump())


@router.patch("/{number}")
async def change_book(number: int, change: BookChange, request: Request, response: Response, session: Session,
                      caller: Staff, if_match: IfMatch = None) -> BookOut:
    """Change some fields of a book that nobody has changed meanwhile."""
    if request.headers.get("Content-Type", "").split(";")[0] != "application/merge-patch+json":
        raise Problem(415, "Send application/merge-patch+json.",
                      headers={"Accept-Patch": "application/merge-patch+json"})
    return await _change(session, response, number, if_match, change.model_dump(exclude_unset=True))


@router.delete("/{number}", status_code=204)
async def remove_book(number: int, session: Session, caller: Staff) -> None:
    """Remove a book. Asked again, there is none: 404, and nothing changes."""
    await session.delete(await _book(session, number))
    await _flush(session, "Copies of this book are lent.")


async def _first_time(session: AsyncSession, key: str, member_id: int, new: BookIn) -> Answered:
    """Return the note on a key: without an address when it is new. Who comes with it meanwhile waits here.

    Raises Problem when the key was used for another request. What fails later takes the note back with it.
    """
    fingerprint = hashlib.sha256(new.model_dump_json().encode()).hexdigest()
    await session.execute(insert(Answered).on_conflict_do_nothing().values(
        key=key, member_id=member_id, request=fingerprint, location="", body={}))
    note = await session.get_one(Answered, (key, member_id))
    if note.request != fingerprint:
        raise Problem(422, "This Idempotency-Key was used for another request.")
    return note


async def _flush(session: AsyncSession, detail: str) -> None:
    """Send what is pending. Raises Problem 409 with this sentence when a constraint refuses it."""
    try:
        await session.flush()
    except IntegrityError:
        raise Problem(409, detail) from None


async def _change(session: AsyncSession, response: Response, number: int, if_match: str | None,
                  values: dict[str, Any]) -> BookOut:
    book = await _book(session, number, lock=True)
    if if_match is None:
        raise Problem(428, "Send If-Match with the ETag that you read: others change books, too.")
    if not _names(if_match, _tag(book)):
        raise Problem(412, "The book has changed since you read it: read it again.")
    for name, value in values.items():
        setattr(book, name, value)
    await _flush(session, "There is a book of this title and author.")
    response.headers["ETag"] = _tag(book)
    return BookOut.model_validate(book)


async def _book(session: AsyncSession, number: int, *, lock: bool = False) -> Book:
    found = await session.get(Book, number, with_for_update=True if lock else None)
    if found is None:
        raise Problem(404, f"There is no book {number}.")
    return found


def _tag(book: Book) -> str:
    return f'"{book.version}"'


def _names(header: str, tag: str) -> bool:
    """Say whether a list of entity tags has this one, or is a star."""
    return header.strip() == "*" or tag in [one.strip().removeprefix("W/") for one in header.split(",")]
