"""The address of yesterday: it answers still, and says until when."""

from fastapi import APIRouter, Response
from sqlalchemy import select

from shelf.access import Session
from shelf.models import Book

router = APIRouter(tags=["titles"], deprecated=True)
SINCE, UNTIL = "@1767225600", "Thu, 31 Dec 2026 23:59:59 GMT"  # RFC 9745 counts seconds, RFC 8594 writes a date


@router.get("/titles")
async def list_titles(response: Response, session: Session) -> list[str]:
    """List titles; `/v1/books` has taken its place."""
    response.headers.update({"Deprecation": SINCE, "Sunset": UNTIL, "Link": '</v1/books>; rel="successor-version"'})
    return list(await session.scalars(select(Book.title).order_by(Book.title).limit(100)))
