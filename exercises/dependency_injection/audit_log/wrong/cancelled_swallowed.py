# caught by: cancelled
# says: the cancellation does not come out
"""Lending books, with a log of every attempt."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.exceptions import RequestValidationError

COPIES = {"Dune": 2, "Emma": 0}
LOG: list[str] = []

shelf = FastAPI()


async def get_log() -> list[str]:
    """Provide the log."""
    return LOG


async def lend_book(title: str, days: int, log: list[str]) -> dict[str, float]:
    """Lend a copy for `days`; more days cost less each. Raises HTTPException."""
    log.append(f"lend {title}")
    if COPIES.get(title, 0) == 0:
        raise HTTPException(409, "No copy is on the shelf.")
    return {"fee_per_day": 10 / days}


Log = Annotated[list[str], Depends(get_log)]


async def audit(log: Log, member: Annotated[str, Header(alias="X-Member")] = "nobody") -> AsyncIterator[None]:
    """Note who came, how it ended, and that it ended."""
    log.append(f"{member}: begin")
    try:
        yield
        log.append(f"{member}: done")
    except HTTPException as error:
        log.append(f"{member}: refused {error.status_code}")
        raise
    except RequestValidationError:
        log.append(f"{member}: invalid")
        raise
    except Exception as error:
        log.append(f"{member}: crashed {type(error).__name__}")
        raise
    except asyncio.CancelledError:
        pass
    finally:
        log.append(f"{member}: end")


@shelf.post("/loans/{title}", dependencies=[Depends(audit, scope="function")])
async def lend(title: str, log: Log, days: int = 21) -> dict[str, float]:
    """Lend a copy of `title`."""
    return await lend_book(title, days, log)
