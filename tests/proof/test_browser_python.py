"""The worker's own Python, run here in CPython."""

import asyncio
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

RUN = Path(__file__).parents[2] / "web" / "run"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"page_{name}", RUN / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


cells = load("cells")


def run(*sources: str) -> tuple[list[dict], list[bool]]:
    """Run cells in one namespace; return their messages, and whether each ended without an error."""
    sent: list[dict] = []
    outbox = cells.Outbox(lambda message: sent.append(json.loads(message)))
    notebook = cells.Cells({"__name__": "__main__", "out": cells.Stream("stdout", outbox),
                            "err": cells.Stream("stderr", outbox)}, outbox)

    async def all_of_them() -> list[bool]:
        return [await notebook.run(source, f"Cell {number}") for number, source in enumerate(sources, 1)]
    return sent, asyncio.run(all_of_them())


def test_the_order_of_streams_and_displays_is_kept():
    sent, ended = run("print(1, file=out)\nprint(2, file=err)\nprint(3, file=out, end='')\n4")
    assert [(message.get("name"), message.get("text") or message["data"]) for message in sent] == [
        ("stdout", "1\n"), ("stderr", "2\n"), ("stdout", "3"), (None, {"text/plain": "4"})]
    assert ended == [True]


def test_a_burst_travels_in_few_messages_and_loses_nothing():
    sent, _ = run("for n in range(100_000): print(n, file=out)")
    assert "".join(message["text"] for message in sent) == "".join(f"{n}\n" for n in range(100_000))
    assert len(sent) < 20_000


def test_what_was_written_before_a_wait_is_sent_during_it():
    sent, _ = run("import asyncio, time\nfor n in range(100): print(n, file=out)\nawait asyncio.sleep(0.2)\n"
                  "print('late', file=out)")
    before = "".join(message["text"] for message in sent[:-1])
    assert before.endswith("99\n")
    assert sent[-1]["text"] == "late\n"


@pytest.mark.parametrize(("source", "quiet"), [
    ("x;", True), ("x; # why", True), ("x;\n\n", True), ("x", False), ("';'", False), ("x # ;", False), ("", False),
])
def test_a_semicolon_hides_the_value(source, quiet):
    assert cells.is_quiet(source) is quiet


def test_the_traceback_begins_in_the_cell_and_shows_its_lines():
    sent, ended = run("def lend(copies):\n    return 1 / copies", "lend(0)")
    assert ended == [True, False]
    assert sent[0]["name"] == "ZeroDivisionError"
    lines = sent[0]["traceback"].splitlines()
    assert lines[1:3] == ['  File "Cell 2", line 1, in <module>', "    lend(0)"]
    assert '  File "Cell 1", line 2, in lend' in lines
    assert "cells.py" not in sent[0]["traceback"]


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "asyncio.CancelledError"])
def test_what_would_end_a_program_ends_the_cell_only(name):
    sent, ended = run("import asyncio", f"raise {name}", "5")
    assert ended == [True, False, True]
    assert sent[0]["name"] == name.rpartition(".")[2]
    assert sent[1]["data"] == {"text/plain": "5"}


def test_a_future_import_holds_in_later_cells():
    sent, _ = run("from __future__ import annotations", "def lend(to: Reader): pass\nlend.__annotations__")
    assert sent[0]["data"] == {"text/plain": "{'to': 'Reader'}"}


def test_what_a_value_shows_of_itself():
    class Own:
        def __repr__(self):
            return "own"

        def _repr_mimebundle_(self, include=None, exclude=None):
            return {"text/html": "<b>"}, {"text/html": {"a": 1}}

        def _repr_html_(self):
            return "not asked"

        def _repr_svg_(self):
            return "<svg/>"

    assert cells.bundle(Own()) == ({"text/plain": "own", "text/html": "<b>", "image/svg+xml": "<svg/>"},
                                   {"text/html": {"a": 1}})
    assert set(cells.bundle(Own)[0]) == {"text/plain"}  # the class itself is not a picture


def test_an_image_is_sent_as_a_notebook_stores_it():
    sent, _ = run("class P:\n    def __repr__(self): return 'p'\n    def _repr_png_(self): return b'\\x89PNG'\nP()")
    assert sent[0]["data"] == {"text/plain": "p", "image/png": "iVBORw=="}


def test_a_display_that_fails_is_an_error_of_the_cell():
    sent, ended = run("class P:\n    def _repr_html_(self): return 1 / 0\nP()", "6")
    assert ended == [False, True]
    assert sent[0]["name"] == "ZeroDivisionError"


def test_only_text_can_be_written():
    sent, _ = run("out.write(b'x')")
    assert sent[0]["message"] == "write() argument must be str, not bytes"


IN_PLACE = """
import asyncio, contextvars, inspect, sys, threading
sys.path.insert(0, sys.argv[1])
import inline_threads
inline_threads.install()
assert "anyio" not in sys.modules
import anyio.to_thread

variable = contextvars.ContextVar("variable", default="outer")

def endpoint(word):
    variable.set("inner")
    return word, threading.current_thread() is threading.main_thread()

async def main():
    return await anyio.to_thread.run_sync(endpoint, "x", abandon_on_cancel=True), variable.get()

print(asyncio.run(main()), "def run_sync" in inspect.getsource(anyio.to_thread))
"""


def test_def_endpoints_are_called_in_place():
    done = subprocess.run([sys.executable, "-c", IN_PLACE, str(RUN)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("(('x', True), 'outer') True\n", "")
