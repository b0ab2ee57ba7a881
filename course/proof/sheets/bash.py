"""`bash-run`: each section has a home of its own, filled by the scripts beside the sheet; each block is a new bash.

Bash is strict (`set -euo pipefail`), and begins in the folder in which the block before it ended. The sheet's
`profile.sh` is read before each block: it fixes what would vary, such as the time of a commit.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from course.proof.sheets.run import Ran, SetupFailed, Unavailable, execute, setups
from course.sheet import Block

STRICT = """set -euo pipefail
[ ! -f "$PROFILE" ] || source "$PROFILE"
cd "$(cat "$FOLDER_FILE")"
trap 'pwd > "$FOLDER_FILE"' EXIT
"""


class Bash:
    """A home that lasts for one section."""

    def __init__(self, files: Path, section: str) -> None:
        if os.name != "posix" or not shutil.which("bash"):
            raise Unavailable("bash blocks are run on Linux and macOS")
        self.place = Path(tempfile.mkdtemp(prefix="course_sheet_")).resolve()
        self.home, state = self.place / "home", self.place / "folder"
        self.home.mkdir()
        state.write_text(f"{self.home}\n", encoding="utf-8")
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # `python` is the course's
        self.environment = {"HOME": str(self.home), "PATH": programs, "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
                            "TMPDIR": str(self.place), "PROFILE": str(files / "profile.sh"),
                            "FOLDER_FILE": str(state), "FILES": str(files)}
        for path in setups(files, section, ".sh"):
            printed, status = self.script(path.read_text(encoding="utf-8"))
            if status:
                raise SetupFailed(f"{path} failed with exit status {status}:\n{printed}")

    def script(self, source: str) -> tuple[str, int]:
        """Run a script; return what it printed, with `~` for the home, and its exit status."""
        command = ["bash", "--noprofile", "--norc", "-c", STRICT + source]
        printed, status = execute(command, self.home, self.environment)
        return printed.replace(str(self.home), "~"), status

    def run(self, block: Block) -> Ran:
        """Run one block; it fails with its exit status."""
        printed, status = self.script(block.source)
        return Ran(printed, str(status) if status else "")

    def close(self) -> None:
        """Remove the home."""
        subprocess.run(["chmod", "-R", "u+w", str(self.place)], check=False, capture_output=True)
        shutil.rmtree(self.place, ignore_errors=True)
