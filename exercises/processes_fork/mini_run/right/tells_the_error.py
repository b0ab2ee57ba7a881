"""A small `subprocess.run` with a second pipe, closed by a successful exec, as the real one has."""

import os
from contextlib import ExitStack


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    with ExitStack() as stack:
        ours, theirs = os.pipe()
        error_ours, error_theirs = os.pipe()
        output, errors = (stack.enter_context(open(end, "rb")) for end in (ours, error_ours))
        pid = os.fork()
        if pid == 0:
            try:
                os.dup2(theirs, 1)
                os.execvp(arguments[0], arguments)
            except BaseException as error:
                os.write(error_theirs, repr(error).encode())
            finally:
                os._exit(1)
        os.close(theirs)
        os.close(error_theirs)
        failed, written = errors.read(), output.read()
    status = os.waitpid(pid, 0)[1]
    return (127, b"") if failed else (os.waitstatus_to_exitcode(status), written)
