# caught by: tells_the_exit_code
# says: it returns
"""A program is started, listened to, and waited for."""

import os


def run(*command: str) -> tuple[int, bytes]:
    """Run a program; return its exit code, or minus the signal that ended it, and what it wrote."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(theirs, 1)
            os.execvp(command[0], command)
        finally:  # reached only if the program could not be loaded
            os._exit(127)
    os.close(theirs)
    with open(ours, "rb") as output:
        written = output.read()
    _, status = os.waitpid(pid, 0)
    return status, written
