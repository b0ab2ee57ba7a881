# caught by: returns_code_and_output
# says: The program is started by subprocess
"""A small `subprocess.run`: by the real one."""

import subprocess


def mini_run(arguments: list[str]) -> tuple[int, bytes]:
    """Run a program; return its exit code (of a signal, minus its number) and what it wrote to standard output."""
    try:
        done = subprocess.run(arguments, stdout=subprocess.PIPE)
    except (OSError, ValueError):
        return 127, b""
    return done.returncode, done.stdout
