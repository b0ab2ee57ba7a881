"""Errors as `application/problem+json` (RFC 9457): one form for all, whoever finds the error."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

NAMES = {413: "Content Too Large", 422: "Unprocessable Content"}  # as in RFC 9110; Python calls them so from 3.13 on


class Problem(Exception):
    """A request that is refused: `status`, a sentence for people, and what else belongs into body and headers."""

    def __init__(self, status: int, detail: str, *, headers: dict[str, str] | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.members = status, detail, headers, members


def response(status: int, detail: str, headers: Any = None, **members: Any) -> JSONResponse:
    """Return the answer. Without a type of its own a problem is `about:blank`, and its title is the status's name."""
    title = NAMES.get(status) or HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **members}
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


async def _problem(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return response(error.status, error.detail, error.headers, **error.members)


async def _http(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return response(error.status_code, str(error.detail), error.headers)


async def _validation(_: Request, error: Exception) -> JSONResponse:
    """Say where each fault is, and not what was sent: that may be a secret."""
    assert isinstance(error, RequestValidationError)
    faults = [{"pointer": "/".join(map(str, fault["loc"])), "detail": fault["msg"]} for fault in error.errors()]
    return response(422, "The request does not have the form that is asked for.", errors=faults)


async def _unexpected(_: Request, error: Exception) -> JSONResponse:
    return response(500, "Something went wrong on our side.")  # what it was stands in the log, and nowhere else


def install(app: FastAPI) -> None:
    """Let an application answer so, whatever goes wrong."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(Exception, _unexpected)
