"""Names that untagged cells take from cells tagged needs-kernel."""

import sys

import nbformat
import pytest

from course.proof.names import Cell, main, problems, read_cells


def cells(*sources: str) -> list[Cell]:
    """Cells in order; one that begins with `#k` is tagged needs-kernel."""
    return [Cell(number, source, source.startswith("#k")) for number, source in enumerate(sources, 1)]


MISSED = {
    "a name bound there only": ("#k\nserver = start()", "print(server)"),
    "a name bound again there": ("rows = []", "#k\nrows = [1]", "print(rows)"),
    "an import made there only": ("#k\nimport threading", "threading.active_count()"),
    "an augmented assignment reads": ("#k\nserver = 1", "server += 1"),
    "an augmented assignment binds": ("server = 1", "#k\nserver += 1", "server"),
    "a decorator": ("#k\ndef server(f): return f", "@server\ndef handler(): pass"),
    "a default": ("#k\nserver = 1", "def f(x=server): return x"),
    "a base class": ("#k\nclass server: pass", "class Child(server): pass"),
    "a class body": ("#k\nserver = 1", "class A:\n    port = server"),
    "a comprehension": ("#k\nserver = [1]", "[x for x in server]"),
    "the condition of a comprehension": ("#k\nserver = 1", "[x for x in [1] if x == server]"),
    "a called function": ("#k\nserver = 1", "def ask(): return server", "ask()"),
    "a global of a called function": ("#k\nserver = 1", "def grow():\n    global server\n    server += 1", "grow()"),
    "a called lambda": ("#k\nserver = 1", "ask = lambda: server", "ask()"),
    "a function called by a called function": ("#k\nserver = 1", "def a(): return server\ndef b(): return a()", "b()"),
    "a constructor": ("#k\nserver = 1", "class A:\n    def __init__(self): self.x = server", "A()"),
    "an awaited function": ("#k\nserver = 1", "async def ask(): return server", "await ask()"),
    "a with statement": ("#k\nwith open('x') as server: pass", "server.closed"),
    "a loop variable": ("#k\nfor server in [1]: pass", "server"),
    "a name in an f-string": ("#k\nserver = 1", "print(f'{server}')"),
    "a match capture": ("#k\nmatch [1]:\n    case [server]: pass", "server"),
    "a walrus": ("#k\n[server := x for x in [1]]", "server"),
    "deleted in the page, bound there": ("server = 1\ndel server", "#k\nserver = 2", "server"),
    "another import of the same name": ("from a import server", "#k\nfrom b import server", "server"),
    "a guard around another error": ("#k\nserver = 1",
                                     "try:\n    server\nexcept ValueError as error:\n    print(error)"),
}
FINE = {
    "no tagged cell": ("x = 1", "x"),
    "a tagged cell uses a tagged one": ("#k\nserver = 1", "#k\nserver"),
    "a tagged cell uses an untagged one": ("x = 1", "#k\nx"),
    "bound before it is used": ("#k\nserver = 1", "server = 2\nserver"),
    "a parameter": ("#k\nserver = 1", "def f(server): return server", "f(2)"),
    "a local name": ("#k\nserver = 1", "def f():\n    server = 2\n    return server", "f()"),
    "a comprehension's own name": ("#k\nserver = 1", "[server for server in [2]]"),
    "a lambda's parameter": ("#k\nserver = 1", "f = lambda server: server\nf(2)"),
    "a class attribute": ("#k\nserver = 1", "class A:\n    server = 2\n    copy = server"),
    "an attribute": ("#k\nserver = 1", "import a\na.server"),
    "a keyword": ("#k\nserver = 1", "dict(server=1)"),
    "the same import again": ("import asyncio", "#k\nimport asyncio", "asyncio.Queue()"),
    "the same import of a submodule": ("import os.path", "#k\nimport os", "os.getcwd()"),
    "a function that only tagged cells call": ("#k\nserver = 1", "def ask(): return server", "#k\nask()"),
    "a function called before the tagged cell": ("server = 1\ndef ask(): return server", "ask()", "#k\nserver = 2"),
    "a function that calls itself": ("def down(n): return n and down(n - 1)", "#k\nx = 1", "down(3)"),
    "a handler's name, gone after it": ("#k\ntry: pass\nexcept ValueError as error: pass", "error = 1\nerror"),
    "a deleted name": ("#k\nserver = 1\ndel server", "server = 2", "server"),
    "built-in names": ("#k\nx = 1", "print(len('ab'))"),
    "magics in a tagged cell": ("#k\n%%bash\nserver", "x = 1"),
    "a syntax error on purpose": ("#k\nserver = 1", "def ("),
    "a guarded import": ("try:\n    import psycopg\nexcept ImportError:\n    psycopg = None",),
    "a module named alike": ("import subprocess_tools",),
    "postgres, which exists in both": ("from course.services import postgres", "postgres.engine()"),
    "top-level await": ("import asyncio", "await asyncio.sleep(0)\nasync with asyncio.timeout(1): pass"),
}


@pytest.mark.parametrize("sources", MISSED.values(), ids=MISSED)
def test_a_missed_name_is_told(sources):
    [told] = problems(cells(*sources))
    tagged = next(cell.number for cell in cells(*sources) if cell.kernel_only)
    assert f"from needs-kernel cell {tagged}: tag it needs-kernel, or define the name" in told
    assert told.startswith(f"cell {len(sources)} ")


@pytest.mark.parametrize("sources", FINE.values(), ids=FINE)
def test_what_works_is_let_pass(sources):
    assert problems(cells(*sources)) == []


def test_the_message_names_cell_name_and_origin():
    assert problems(cells("#k\nserver = 1", "x = 1", "server.url")) == [
        "cell 3 uses `server` from needs-kernel cell 1: tag it needs-kernel, or define the name in an untagged cell"]
    assert problems(cells("#k\nserver = 1", "def ask(): return server\nask()"))[0].startswith(
        "cell 2 calls `ask`, which uses `server` from needs-kernel cell 1")


@pytest.mark.parametrize(("source", "module"), [
    ("import subprocess", "subprocess"), ("from multiprocessing import Pool", "multiprocessing"),
    ("import psycopg.errors as e", "psycopg"), ("def f():\n    import asyncpg", "asyncpg"),
    ("from course.services import web, process", "course.services.web"),
    ("from course.services.process import Child", "course.services.process"),
    ("try:\n    import greenlet\nexcept ValueError: pass", "greenlet"),
])
def test_an_import_that_the_page_lacks_is_told(source, module):
    assert problems(cells(source))[0] == (f"cell 1 imports {module}, which does not work in the page: "
                                          "tag it needs-kernel")
    assert problems(cells("#k\n" + source)) == []


def test_the_command_reads_notebooks(tmp_path, capsys):
    book = nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("# Title"),
        nbformat.v4.new_code_cell("server = 1", metadata={"tags": ["needs-kernel"]}),
        nbformat.v4.new_code_cell("server")])
    path = tmp_path / "lesson.ipynb"
    nbformat.write(book, path)
    assert read_cells(path)[0] == Cell(1, "server = 1", True)
    assert main([str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}: cell 2 uses `server` from needs-kernel cell 1")
    book.cells[2].source = "other = 1"
    nbformat.write(book, path)
    assert main([str(path)]) == 0


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type statements are new in Python 3.12")
def test_a_type_statement_binds():
    assert problems(cells("#k\ntype server = int", "x: server = 1"))
