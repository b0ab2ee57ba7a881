"""The suite that runs every proof."""

import sys
from pathlib import Path

import psutil

from course.proof import suite

HANGS = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])
print(child.pid, flush=True)
time.sleep(300)
"""


def test_a_step_that_hangs_is_ended_and_tells_where_it_stood(tmp_path: Path) -> None:
    log = tmp_path / "hangs.log"
    with log.open("w", encoding="utf-8") as sink:
        status = suite.call([sys.executable, "-X", "faulthandler", "-c", HANGS], tmp_path, sink, limit=3)
    told = log.read_text(encoding="utf-8")
    assert status == 1
    assert 'File "<string>", line 5 in <module>' in told
    assert told.endswith("did not end within 3 s and was killed.\n")
    assert not psutil.pid_exists(int(told.splitlines()[0]))


def test_a_step_that_ends_keeps_its_status(tmp_path: Path) -> None:
    with (tmp_path / "ends.log").open("w", encoding="utf-8") as sink:
        assert suite.call([sys.executable, "-c", "raise SystemExit(7)"], tmp_path, sink) == 7
