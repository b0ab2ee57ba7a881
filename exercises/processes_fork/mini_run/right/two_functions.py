"""A small `subprocess.run` in two functions: one that never returns, and one that waits."""

import os
from typing import NoReturn


def become(arguments: list[str], output: int) -> NoReturn:
    """Make this process the program."""
    try:
        os.dup2(output, 1)
        os.execvp(arguments[0], arguments)
    finally:
        os._exit(127)


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    ours, theirs = os.pipe()
    if (pid := os.fork()) == 0:
        become(arguments, theirs)
    os.close(theirs)
    try:
        with os.fdopen(ours, "rb", buffering=0) as output:
            written = output.readall()
    finally:
        end = os.waitid(os.P_PID, pid, os.WEXITED)
    assert end is not None
    return (end.si_status if end.si_code == os.CLD_EXITED else -end.si_status), written
