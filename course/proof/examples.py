"""The check that the examples of a statement are true. The check kit runs it on the solution, as it runs `checks.py`.

An example is a doctest (Python library reference, "doctest") in a fenced block; unlike there, `await` may stand alone.
"""

import ast
import asyncio
import contextlib
import doctest
import inspect
import io
import sys
import traceback
from typing import Any

from course.check import Answer, LabAnswer, TextAnswer, check, require
from course.check.answer import names

SECONDS = 20.0


@check("the examples are true", timeout=SECONDS)
def examples(answer: Answer | LabAnswer | TextAnswer, blocks: list[tuple[int, str]]) -> None:
    """Run the examples one after the other, with the names of the answer; a block is a line number and its code."""
    if isinstance(answer, LabAnswer):
        sys.path.insert(0, str(answer.folder))
    scope = names(answer) if isinstance(answer, Answer) else {"__name__": "examples"}
    with asyncio.Runner() as loop:
        for line, code in blocks:
            for example in doctest.DocTestParser().get_examples(code):
                _compare(example, _printed(example.source, scope, loop), line + example.lineno)


def _compare(example: doctest.Example, got: str, line: int) -> None:
    wanted = example.want if example.exc_msg is None else example.exc_msg
    require(doctest.OutputChecker().check_output(wanted, got, doctest.ELLIPSIS),
            f"line {line}: `{example.source.strip()}` gives `{got.strip()}`, not `{wanted.strip()}`")


def _printed(source: str, scope: dict[str, Any], loop: asyncio.Runner) -> str:
    """Return what an example prints; of an exception its last line, as it would be shown."""
    code = compile(source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            coroutine = eval(code, scope)
            if code.co_flags & inspect.CO_COROUTINE:
                loop.run(coroutine)
        except Exception as error:
            shown = traceback.format_exception_only(error)[-1]
            return shown.removeprefix(f"{scope['__name__']}.")  # a class of the answer, which a reader sees bare
    return printed.getvalue()
