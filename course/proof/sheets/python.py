"""`py-run`: one fresh Python for each section, in an empty folder, which executes the section's blocks in turn.

That Python executes `python_child.py`.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from course.proof.sheets.run import LIMIT, Ran, SetupFailed, setups
from course.sheet import Block

CHILD = Path(__file__).with_name("python_child.py")


class Python:
    """An interpreter that lasts for one section; the sheet's files can be imported."""

    def __init__(self, files: Path, section: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="course_sheet_")
        paths = [str(files), str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
        # -P: the folder of that script, whose `http.py` is ours, is not searched for modules.
        self.child = subprocess.Popen([sys.executable, "-P", str(CHILD)], cwd=self.folder.name, text=True,
                                      encoding="utf-8", stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TZ": "UTC"})
        for path in setups(files, section, ".py"):
            if (told := self._ask(path.read_text(encoding="utf-8"), str(path)))["failed"]:
                self.close()
                raise SetupFailed(f"{path} failed:\n{told['text']}")

    def run(self, block: Block) -> Ran:
        """Run one block; it fails with the class of the exception that comes out."""
        told = self._ask(block.source, f"<line {block.line}>")
        return Ran(told["text"], told["failed"])

    def _ask(self, source: str, name: str) -> dict[str, str]:
        assert self.child.stdin
        assert self.child.stdout
        guard = threading.Timer(LIMIT, self.child.kill)
        guard.start()
        try:
            self.child.stdin.write(json.dumps({"source": source, "name": name}) + "\n")
            self.child.stdin.flush()
            answer = self.child.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            guard.cancel()
        told: dict[str, str] = json.loads(answer) if answer else {"text": "Python has ended", "failed": "exit"}
        return told

    def close(self) -> None:
        """End the interpreter."""
        self.child.kill()
        self.child.communicate()
        self.folder.cleanup()
