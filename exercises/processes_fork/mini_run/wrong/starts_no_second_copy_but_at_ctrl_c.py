# caught by: starts_no_second_copy
# says: Ctrl-C
"""A small `subprocess.run`: fork, exec, and a pipe between."""

import os


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(theirs, 1)
            os.execvp(arguments[0], arguments)
        except Exception:
            os._exit(127)
    os.close(theirs)  # the child has its own; while we hold one, the pipe has no end
    with open(ours, "rb") as output:
        written = output.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), written
