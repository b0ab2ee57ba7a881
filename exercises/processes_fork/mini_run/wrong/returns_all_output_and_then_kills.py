# caught by: returns_all_output
# says: exec >&-
"""A small `subprocess.run`: fork, exec, and a pipe between."""

import os
import signal
import time


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(theirs, 1)
            os.execvp(arguments[0], arguments)
        finally:  # comes here only if exec has failed, and ends before an exception can go on
            os._exit(127)
    os.close(theirs)  # the child has its own; while we hold one, the pipe has no end
    with open(ours, "rb") as output:
        written = output.read()
    ended, status = os.waitpid(pid, os.WNOHANG)
    while not ended:
        time.sleep(0.2)  # it has said all that it has to say
        ended, status = os.waitpid(pid, os.WNOHANG)
        if not ended:
            os.kill(pid, signal.SIGTERM)
    return os.waitstatus_to_exitcode(status), written
