# caught by: brings_the_output
# says: not available here
"""A program is started, listened to, and waited for."""

import os


def run(*command: str) -> tuple[int, bytes]:
    """Run a program; return its exit code, or minus the signal that ended it, and what it wrote."""
    pipe = os.popen(" ".join(command))
    written = pipe.read().encode()
    return pipe.close() or 0, written
