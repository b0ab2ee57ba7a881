"""A program is started, listened to, and waited for."""

import os


def run(*command: str) -> tuple[int, bytes]:
    """Run a program; return its exit code, or minus the signal that ended it, and what it wrote."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        try:
            os.dup2(theirs, 1)
            os.close(theirs)
            os.execvpe(command[0], command, os.environ)
        except BaseException:
            os._exit(127)
    os.close(theirs)
    pieces = []
    while piece := os.read(ours, 4096):
        pieces.append(piece)
    os.close(ours)
    written = b"".join(pieces)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), written
