# caught by: held_still
# says: FastAPI fills from the request
"""A fine that depends on the day, and what a test of it needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Annotated, Any
from unittest.mock import patch

import httpx
from fastapi import Depends, FastAPI

shelf = FastAPI()


async def get_today() -> date:
    """Provide the day."""
    return date.today()


@shelf.get("/fine")
async def fine(due: date, today: Annotated[date, Depends(get_today)]) -> dict[str, int]:
    """Return what a book costs that was due on `due` and is brought back today."""
    return {"cents": min(500, 20 * max(0, (today - due).days))}


async def get(app: FastAPI, path: str) -> httpx.Response:
    """Send one request to `app`, in this process."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shelf") as api:
        return await api.get(path)


def providers(app: FastAPI) -> set[Callable[..., Any]]:
    """Return every provider that a route of `app` stands on."""
    found: set[Callable[..., Any]] = set()
    left = [route.dependant for route in app.routes if hasattr(route, "dependant")]
    while left:
        below = left.pop().dependencies
        found |= {dependant.call for dependant in below}
        left += below
    return found


@contextmanager
def frozen(app: FastAPI, provider: Callable[..., Any], day: date) -> Iterator[None]:
    """Let `provider` give `day` to `app`, inside the block. Raises LookupError when no route stands on it."""
    if provider not in providers(app):
        raise LookupError(f"no route of this app stands on {provider}")
    with patch.dict(app.dependency_overrides, {provider: lambda day=day: day}):
        yield


async def test_fine(app: FastAPI, clock: Callable[..., Any]) -> None:
    """Raise AssertionError unless GET /fine of `app` follows the rule."""
    due = date(2026, 1, 10)
    for days, cents in ((-1, 0), (0, 0), (1, 20), (24, 480), (25, 500), (26, 500)):
        with frozen(app, clock, due + timedelta(days=days)):
            answer = (await get(app, f"/fine?due={due}")).json()
        assert answer == {"cents": cents}, f"{days} days after the due day: {answer}"
