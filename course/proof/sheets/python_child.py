"""The Python that executes the blocks of a section: it reads them as JSON, one a line, and answers each in a line.

It imports nothing of ours, so that blocks find a Python as a reader's own.
"""

import contextlib
import io
import json
import linecache
import os
import sys
import traceback
from typing import Any


def execute(source: str, name: str, scope: dict[str, Any]) -> dict[str, str]:
    """Execute a block; return what it printed, and the class of its exception; that one's last line is printed too."""
    printed, failed = io.StringIO(), ""
    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            exec(compile(source, name, "exec", dont_inherit=True), scope)
        except BaseException as error:
            failed = type(error).__name__
            print(*traceback.format_exception_only(error), sep="", end="")
    return {"text": printed.getvalue(), "failed": failed}


def main() -> None:
    """Answer until the input ends; what blocks print past `sys.stdout` goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    scope: dict[str, Any] = {"__name__": "__main__"}
    for line in sys.stdin:
        block = json.loads(line)
        answers.write(json.dumps(execute(block["source"], block["name"], scope)) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
