"""The bench's own way of running a notebook: every lesson can also be run as a plain script."""

import os
import subprocess
import sys

import pytest

from course import repository
from course.proof import notebook_files

NOTEBOOKS = notebook_files.all_notebooks(repository.root())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_as_a_plain_script(path):
    script = "import sys; from pathlib import Path; from course.proof.bench import run_plainly; " \
             "run_plainly(Path(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", script, path], cwd=path.parent, capture_output=True, text=True,
                          env={**os.environ, "COURSE_PROOF": "1"}, timeout=120)
    assert done.returncode == 0, done.stderr
