"""A process that has loaded the checks of one exercise and forks for each answer. Started by `nursery.py` alone.

Its standard input is a socket. For each answer it is sent three descriptors and the folder to work in, tells the
process id of the child that it forks, and later how that ended. It has one thread only, so that forking is safe.
"""

import asyncio  # noqa: F401 - most checks that are slow to load need it, and each child would import it again
import os
import socket
import sys
from pathlib import Path

from course.check import child, judge


def main() -> None:
    """Serve until the other end is closed."""
    line = socket.socket(fileno=0)
    plan = {check.id: check for check in judge.load_checks(Path(sys.argv[1]))}
    while True:
        folder, descriptors, _, _ = socket.recv_fds(line, 1 << 16, 3)
        if not folder:
            os._exit(0)
        pid = os.fork()
        if pid == 0:
            _become_child(line, descriptors, folder.decode())
            child.main(plan)
        for descriptor in descriptors:
            os.close(descriptor)
        line.sendall(f"{pid}\n".encode())
        line.sendall(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())


def _become_child(line: socket.socket, descriptors: list[int], folder: str) -> None:
    """Take the three descriptors as the standard ones, in a process group of our own."""
    line.detach()
    for standard, descriptor in enumerate(descriptors):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    os.setsid()
    os.chdir(folder)


if __name__ == "__main__":
    main()
