"""Who asks, and what they may do; one session of the database for each request."""

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shelf.models import Member
from shelf.problems import Problem


def token_hash(token: str) -> str:
    """Return what is stored of a token: long random tokens need no slow hash, unlike passwords."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_session(request: Request) -> AsyncIterator[AsyncSession]:
    """Give a request its session: committed when all went well, rolled back when not."""
    async with request.app.state.sessions.begin() as session:
        yield session


Session = Annotated[AsyncSession, Depends(open_session, scope="function")]  # committed before the answer is sent


async def authenticate(request: Request, session: Session) -> Member:
    """Return who asks (RFC 6750). Raises Problem 401, which says how to ask."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        found = await session.scalar(select(Member).where(Member.token_hash == token_hash(token)))
        if found:
            return found
        raise Problem(401, "This token is not valid.", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    raise Problem(401, "Send a token: Authorization: Bearer ...", headers={"WWW-Authenticate": "Bearer"})


Caller = Annotated[Member, Depends(authenticate)]


def require_staff(caller: Caller) -> Member:
    """Return who asks, if they work here. Raises Problem 403."""
    if caller.role != "staff":
        raise Problem(403, "Only the staff may do this.")
    return caller


Staff = Annotated[Member, Depends(require_staff)]
