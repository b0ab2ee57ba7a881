"""Kernels that nobody uses end, and what they started ends with them."""

import asyncio
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from local_server import Server, is_gone

from course.serve.kernels import CourseKernels

SLOW = 60.0  # seconds
SHORT = "from course.serve import settings; settings.IDLE_SECONDS, settings.CULL_SECONDS = 6, 1; " \
        "import sys; from course.cli import main; sys.exit(main(sys.argv[1:]))"
SERVERS = """
from course.services import postgres
postgres.shared()
import os, psutil
[os.getpid(), *(child.pid for child in psutil.Process().children(recursive=True))]
"""


@pytest.fixture(scope="module")
def impatient(start: Callable[..., Server]) -> Server:
    """A server that ends kernels after six seconds instead of thirty minutes."""
    return start("--no-browser", "--port", "0", command=["-c", SHORT])


def test_an_idle_kernel_ends_with_its_servers(impatient: Server) -> None:
    headers = impatient.sign_in()
    pids = json.loads(impatient.run(impatient.start_kernel(headers), headers, SERVERS))
    assert len(pids) > 2, "PostgreSQL was not started"
    assert [pid for pid in pids if not is_gone(pid)] == []
    deadline = time.monotonic() + 20
    while json.loads(impatient.ask("/api/kernels", **headers).body):
        assert time.monotonic() < deadline, "the kernel is still told to run"
        time.sleep(0.1)


def test_one_that_somebody_looks_at_stays(impatient: Server) -> None:
    headers = impatient.sign_in()
    kernel = impatient.start_kernel(headers)
    pid = int(impatient.run(kernel, headers, "import os; os.getpid()"))
    channel = impatient.connect(kernel, headers)
    time.sleep(9)
    assert psutil.pid_exists(pid)
    channel.close()
    assert is_gone(pid)


def test_the_kernel_that_waits_ends_too_and_waits_again_with_the_next_page(impatient: Server) -> None:
    headers = impatient.sign_in()

    def waiting() -> bool:
        return bool(json.loads(impatient.ask("/api/course", **headers).body)["kernel"]["waiting"])

    def until(expected: bool) -> None:
        deadline = time.monotonic() + 30
        while waiting() is not expected:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    impatient.ask("/course/", **headers)
    until(True)
    until(False)
    impatient.ask("/course/", **headers)
    until(True)
    assert os.listdir(impatient.root / "work") == [".jupyter"]


def test_a_page_that_comes_while_the_kernel_that_waits_is_ending_gets_another(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))

    async def visit() -> None:
        kernels = CourseKernels(root_dir=str(tmp_path), connection_dir=str(tmp_path))
        kernels.keep_warm()
        while kernels.spare_memory() is None:
            await asyncio.sleep(0.05)
        first, = kernels.list_kernel_ids()
        ending = asyncio.ensure_future(kernels.shutdown_kernel(first))
        await asyncio.sleep(0)
        assert first in kernels, "it has not ended yet"
        assert kernels.list_kernels() == [], "nobody is told of it"
        kernels.keep_warm()
        await ending
        while kernels.spare_memory() is None:
            await asyncio.sleep(0.05)
        assert first not in kernels
        await kernels.shutdown_all(now=True)
        assert kernels._log is not None
        kernels._log.close()

    asyncio.run(asyncio.wait_for(visit(), SLOW))
