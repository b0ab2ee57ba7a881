# caught by: leaves_nothing
# says: nobody has waited for
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
    _, status, _ = os.wait3(0) if not hasattr(os, "waitid") else (0, 0, 0)
    if hasattr(os, "waitid"):
        end = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        status = end.si_status << 8 if end.si_code == os.CLD_EXITED else end.si_status
    return os.waitstatus_to_exitcode(status), written
