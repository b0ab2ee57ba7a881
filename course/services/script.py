"""Run a function of a notebook as a program of its own: `os.fork` needs a process without the kernel's threads."""

import inspect
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

IMPORTS = ("import array, faulthandler, json, multiprocessing, os, re, signal, socket, sys, threading, time; "
           "from pathlib import Path")


def script(main: Callable[[], Any], *helpers: Callable[..., Any], fork: bool = True, linux: bool = False) -> Any:
    """Run `main` in a new Python, print what it printed, and return its value, which must fit into JSON.

    The new program has the modules of IMPORTS, the functions `helpers`, and nothing else of the notebook. `fork` says
    that `main` needs what Unix has, such as os.fork, `linux` what Linux alone has, such as /proc: elsewhere a sentence
    says so and None is returned.
    """
    if linux and platform.system() != "Linux":
        print("This cell needs Linux; the stored output is Linux's.")
        return None
    if fork and not hasattr(os, "fork"):
        print("This cell needs Linux, macOS, or WSL on Windows.")
        return None
    with tempfile.TemporaryDirectory() as folder:
        value = Path(folder) / "value.json"
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", source(main, *helpers), str(value)]
        end = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=50,
                             env={**os.environ, "PYTHONUNBUFFERED": ""})  # empty: printed text waits in a buffer
        print(end.stdout, end="")
        return json.loads(value.read_text()) if value.exists() else None


def source(main: Callable[[], Any], *helpers: Callable[..., Any]) -> str:
    """Return the program: imports, functions, and a call whose value is written to the file named on the command line.

    Only the process that began the program writes it: a forked copy that comes to this end too has nothing to say. The
    lines of `main` have the numbers that they have in their cell, so that a traceback names the line the reader sees.
    """
    lines, first = inspect.getsourcelines(main)
    functions = "\n".join(inspect.getsource(one) for one in helpers)
    return (f"{IMPORTS}{chr(10) * max(first - 1, 1)}{''.join(lines)}\n{functions}\n"
            f"first = os.getpid()\nvalue = {main.__name__}()\n"
            "if os.getpid() == first and value is not None:\n"
            "    Path(sys.argv[1]).write_text(json.dumps(value))\n")
