"""Shelf's application: `uvicorn --factory shelf.app:create_app`."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from shelf import books, loans, problems, titles
from shelf.access import Session
from shelf.limits import Limits
from shelf.models import Base
from shelf.settings import Settings


def create_app(settings: Settings | None = None, clock: Callable[[], float] = time.monotonic) -> FastAPI:
    """Return the application; `clock` tells the seconds by which requests are counted.

    Raises KeyError when neither settings nor the environment name a database.
    """
    settings = settings or Settings.from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = create_async_engine(settings.database_url, pool_pre_ping=True)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app.state.sessions = async_sessionmaker(engine, expire_on_commit=False)
        yield
        await engine.dispose()

    app = FastAPI(title="Shelf", version="1.0.0", lifespan=lifespan)
    problems.install(app)
    app.add_middleware(Limits, per_minute=settings.requests_per_minute, clock=clock)
    app.add_middleware(CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST", "PUT",
                       "PATCH", "DELETE"], allow_headers=["Authorization", "If-Match", "Idempotency-Key"],
                       expose_headers=["ETag", "Link", "Location", "Retry-After"], max_age=600)
    app.include_router(books.router)
    app.include_router(loans.router)
    app.include_router(titles.router)
    app.get("/health", tags=["operation"])(health)
    return app


async def health(session: Session) -> dict[str, str]:
    """Say that the database answers, too."""
    await session.execute(text("SELECT 1"))
    return {"status": "ok"}
