"""A coroutine runs on a selector loop, also where a loop runs already."""

import asyncio

import pytest

from course.services.loops import run_async


async def where() -> tuple[bool, int]:
    await asyncio.sleep(0)
    return isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop), id(asyncio.get_running_loop())


async def fails() -> None:
    raise LookupError("no such book")


def test_runs_on_a_selector_loop() -> None:
    assert run_async(where)[0]


def test_runs_beside_a_loop_that_runs_already() -> None:
    async def cell() -> tuple[int, int]:
        return run_async(where)[1], id(asyncio.get_running_loop())

    inner, outer = asyncio.run(cell())
    assert inner != outer


def test_raises_what_the_coroutine_raises() -> None:
    with pytest.raises(LookupError, match="no such book"):
        run_async(fails)
