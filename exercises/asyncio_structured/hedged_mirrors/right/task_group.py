# different: a TaskGroup owns the mirrors; each catches its own failure, and the winner cancels the rest
"""Ask one mirror, and a second one when the first lets you wait; the first answer wins."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Ask = Callable[[], Awaitable[Any]]


async def hedged(first: Ask, second: Ask, patience: float) -> Any:
    """Return the first answer; `second` is asked after `patience` seconds, or when `first` has failed.

    Raises an ExceptionGroup when both fail. No mirror is at work any more when this ends.
    """
    failed: dict[str, Exception] = {}
    answers: list[Any] = []
    changed = asyncio.Event()

    async def run(name: str, ask: Ask) -> None:
        try:
            answer = await ask()
        except Exception as error:
            failed[name] = error
        else:
            answers.append(answer)
        changed.set()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(run("first", first))]
        try:
            async with asyncio.timeout(patience):
                await changed.wait()
        except TimeoutError:
            pass
        if not answers:
            tasks.append(group.create_task(run("second", second)))
        while not answers and len(failed) < 2:
            changed.clear()
            await changed.wait()
        for task in tasks:
            task.cancel()
    if answers:
        return answers[0]
    raise ExceptionGroup("no mirror has answered", [failed["first"], failed["second"]])
