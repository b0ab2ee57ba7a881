"""A small `subprocess.run`, as C programmers write it: everything closed by hand, the status taken apart."""

import os


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(reading)
            os.dup2(writing, 1)
            os.close(writing)
            os.execvp(arguments[0], arguments)
        except BaseException:
            os._exit(127)
    os.close(writing)
    pieces = []
    while piece := os.read(reading, 4096):
        pieces.append(piece)
    os.close(reading)
    status = os.waitpid(pid, 0)[1]
    code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return code, b"".join(pieces)
