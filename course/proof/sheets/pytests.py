"""`pytest-run=FILE`: the block is that file, in a folder of the section's own; a test file is run by pytest at once."""

import os
import re
import sys
import tempfile
from pathlib import Path

from course.proof.sheets.run import Ran, execute
from course.sheet import Block

OPTIONS = ("-q", "--no-header", "--color=no", "--tb=line", "-p", "no:cacheprovider", "-p", "no:warnings")
ON_CI = ("CI", "BUILD_NUMBER")  # where one is set, pytest does not shorten what it prints
VARIES = re.compile(r" in [\d.]+s\b| +\[ *\d+%\]")  # the time, which is another one on each run, and how far it is


class Pytest:
    """A folder of files that lasts for one section; the sheet's files can be imported."""

    def __init__(self, files: Path, section: str) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="course_sheet_")
        paths = [str(files), *filter(None, [os.environ.get("PYTHONPATH")])]
        outside = {name: value for name, value in os.environ.items() if name not in ON_CI}
        self.environment = {**outside, "PYTHONPATH": os.pathsep.join(paths), "PYTHONDONTWRITEBYTECODE": "1",
                            "COLUMNS": "64"}

    def run(self, block: Block) -> Ran:
        """Write the file, and run it if its name begins with `test_`; it fails with pytest's exit status."""
        place = Path(self.folder.name).resolve()
        (place / block.argument).write_text(block.source, encoding="utf-8")
        if not block.argument.startswith("test_"):
            return Ran("")
        printed, status = execute([sys.executable, "-m", "pytest", *OPTIONS, "--rootdir", str(place), "-c", os.devnull,
                                   block.argument], place, self.environment)
        return Ran(VARIES.sub("", printed).replace(f"{place}{os.sep}", ""), str(status) if status else "")

    def close(self) -> None:
        """Remove the folder."""
        self.folder.cleanup()
