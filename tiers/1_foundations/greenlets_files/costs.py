"""What one switch costs, by five means, and a call beside them: each function returns seconds for one switch."""

import asyncio
import multiprocessing
import threading
import time
from collections.abc import Generator
from multiprocessing.connection import Connection

from greenlet import getcurrent, greenlet

TURNS = 2_000  # short rounds: the least of many is then one that nobody has interrupted
SLOW_TURNS = 500  # of what needs the operating system


def compare(rounds: int) -> dict[str, float]:
    """Measure all in turn, so that what else the machine does meets all alike; return the least of each."""
    means = {"a call": call, "generator": generator, "greenlet": greenlets, "asyncio task": tasks,
             "process": processes, "thread": threads}
    took = [{name: measure() for name, measure in means.items()} for _ in range(rounds)]
    return {name: min(one[name] for one in took) for name in means}


def call() -> float:
    """A function is called, and returns: two changes, as in each of the others."""
    def nothing() -> None:
        pass
    begin = time.perf_counter()
    for _ in range(TURNS):
        nothing()
    return (time.perf_counter() - begin) / TURNS / 2


def generator() -> float:
    """A generator is asked for its next value, and yields."""
    def ticks() -> Generator[None]:
        while True:
            yield
    ticking = ticks()
    next(ticking)
    begin = time.perf_counter()
    for _ in range(TURNS):
        next(ticking)
    return (time.perf_counter() - begin) / TURNS / 2


def greenlets() -> float:
    """Two greenlets switch back and forth."""
    here = getcurrent()
    def back() -> None:
        while True:
            here.switch()
    there = greenlet(back)
    there.switch()
    begin = time.perf_counter()
    for _ in range(TURNS):
        there.switch()
    took = (time.perf_counter() - begin) / TURNS / 2
    there.throw()
    return took


def tasks() -> float:
    """Two tasks of asyncio give way to each other, in a loop of their own, in a thread of their own."""
    async def gives_way() -> None:
        for _ in range(TURNS // 2):
            await asyncio.sleep(0)

    async def both() -> float:
        begin = time.perf_counter()
        await asyncio.gather(gives_way(), gives_way())
        return (time.perf_counter() - begin) / TURNS
    took: list[float] = []
    thread = threading.Thread(target=lambda: took.append(asyncio.run(both())))
    thread.start()
    thread.join()
    return took[0]


def threads() -> float:
    """Two threads wake each other by locks."""
    mine, yours = threading.Lock(), threading.Lock()
    mine.acquire()
    yours.acquire()

    def other() -> None:
        for _ in range(SLOW_TURNS):
            yours.acquire()
            mine.release()
    thread = threading.Thread(target=other)
    thread.start()
    begin = time.perf_counter()
    for _ in range(SLOW_TURNS):
        yours.release()
        mine.acquire()
    took = (time.perf_counter() - begin) / SLOW_TURNS / 2
    thread.join()
    return took


def processes() -> float:
    """Two processes wake each other by a byte in a pipe."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=answer, args=(theirs,))
    child.start()
    theirs.close()  # a child that dies ends the pipe
    ours.send_bytes(b"x")
    ours.recv_bytes()
    begin = time.perf_counter()
    for _ in range(SLOW_TURNS):
        ours.send_bytes(b"x")
        ours.recv_bytes()
    took = (time.perf_counter() - begin) / SLOW_TURNS / 2
    ours.send_bytes(b"")
    child.join()
    return took


def answer(pipe: Connection) -> None:
    """Send back what comes, until nothing does."""
    while data := pipe.recv_bytes():
        pipe.send_bytes(data)
