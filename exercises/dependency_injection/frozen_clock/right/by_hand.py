# A class with __enter__ and __exit__ that puts the old entry back, and a test with one block for each day.
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI

shelf = FastAPI()
MISSING = object()


def get_today() -> date:
    return date.today()


@shelf.get("/fine")
def fine(due: date, today: Annotated[date, Depends(get_today)]) -> dict[str, int]:
    return {"cents": min(500, 20 * max(0, (today - due).days))}


async def get(app: FastAPI, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shelf") as api:
        return await api.get(path)


def below(dependant: Any) -> set[Callable[..., Any]]:
    return {child.call for child in dependant.dependencies}.union(*map(below, dependant.dependencies))


class frozen:
    def __init__(self, app: FastAPI, provider: Callable[..., Any], day: date) -> None:
        if not any(provider in below(route.dependant) for route in app.routes if hasattr(route, "dependant")):
            raise LookupError(provider)
        self.overrides, self.provider, self.day = app.dependency_overrides, provider, day

    def __enter__(self) -> None:
        self.before = self.overrides.get(self.provider, MISSING)
        self.overrides[self.provider] = lambda: self.day

    def __exit__(self, *error: object) -> None:
        del self.overrides[self.provider]
        if self.before is not MISSING:
            self.overrides[self.provider] = self.before


async def test_fine(app: FastAPI, clock: Callable[..., Any]) -> None:
    async def cents(day: date) -> int:
        with frozen(app, clock, day):
            return (await get(app, "/fine?due=2024-02-28")).json()["cents"]

    assert await cents(date(2024, 2, 20)) == 0
    assert await cents(date(2024, 2, 28)) == 0
    assert await cents(date(2024, 2, 29)) == 20
    assert await cents(date(2024, 3, 23)) == 480
    assert await cents(date(2024, 3, 24)) == 500
    assert await cents(date(2024, 3, 25)) == 500
    assert await cents(date(2024, 5, 1)) == 500
