# caught by: returns_code_and_output
# says: standard input
"""A small `subprocess.run`: fork, exec, and a pipe between."""

import os


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(theirs, 1)
            os.close(0)
            os.execvp(arguments[0], arguments)
        finally:  # comes here only if exec has failed, and ends before an exception can go on
            os._exit(127)
    os.close(theirs)  # the child has its own; while we hold one, the pipe has no end
    with open(ours, "rb") as output:
        written = output.read()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), written
