"""The small course in a folder, and a kernel whose page is `Frontend`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from frontend import Frontend
from jupyter_client.manager import start_new_kernel
from small_course import FILES, write

from course.check import progress, progress_file, work


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course whose notebooks are in `tiers/one`."""
    folder = tmp_path / "a course"
    write(folder, FILES)
    (folder / "tiers" / "one").mkdir(parents=True)
    return folder


@pytest.fixture(scope="module")
def kernel() -> Iterator[Frontend]:
    environment = {name: value for name, value in os.environ.items()
                   if name not in ("COURSE_PROOF", "JPY_SESSION_NAME", "PYTEST_CURRENT_TEST")}
    manager, client = start_new_kernel(kernel_name="python3", env=environment)
    page = Frontend(client)
    page.run("from course.lesson import exercise, predict, quiz\nimport os")
    page.interrupt = manager.interrupt_kernel
    yield page
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def page(kernel: Frontend, root: Path) -> Frontend:
    """A page on a notebook of the course at `root`."""
    kernel.run(f"os.chdir({str(root / 'tiers' / 'one')!r})")
    return kernel


@pytest.fixture
def seen(root: Path):
    """Look up what is noted of an address."""
    return lambda address: progress.seen(progress_file.load(work.progress_path(root)).progress, address)
