# The outcome is kept in a variable, `finally` writes both lines, and the endpoint takes the audit as a parameter.
import asyncio
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.exceptions import RequestValidationError

COPIES = {"Dune": 2, "Emma": 0}
LOG: list[str] = []
shelf = FastAPI()


async def get_log() -> list[str]:
    return LOG


async def lend_book(title: str, days: int, log: list[str]) -> dict[str, float]:
    log.append(f"lend {title}")
    if COPIES.get(title, 0) == 0:
        raise HTTPException(409, "No copy is on the shelf.")
    return {"fee_per_day": 10 / days}


def outcome(error: BaseException | None) -> str:
    match error:
        case None:
            return "done"
        case HTTPException():
            return f"refused {error.status_code}"
        case RequestValidationError():
            return "invalid"
    return f"crashed {type(error).__name__}"


async def audit(log: list[str] = Depends(get_log), x_member: str = Header("nobody")):
    raised: BaseException | None = None
    log.append(x_member + ": begin")
    try:
        yield x_member
    except BaseException as error:
        raised = error
        raise
    finally:
        if not isinstance(raised, asyncio.CancelledError | GeneratorExit):
            log.append(f"{x_member}: {outcome(raised)}")
        log.append(x_member + ": end")


@shelf.post("/loans/{title}")
async def lend(title: str, member: Annotated[str, Depends(audit, scope="function")],
               log: Annotated[list[str], Depends(get_log)], days: int = 21):
    return await lend_book(title, days, log)
