"""What Python in the page is made of: Pyodide, packages, PostgreSQL and our own code, in one folder of static files.

`assemble()` brings `build/browser/` up to date; `python -m course.runtime` does it and prints what it weighs.
"""

from course.runtime.assembly import assemble
from course.runtime.faults import RuntimeBuildError

__all__ = ["RuntimeBuildError", "assemble"]
