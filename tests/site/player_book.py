"""A small book with a picture of each kind, stored and to be drawn by a cell."""

import shutil
from pathlib import Path

import synthetic_book as book

from course import runtime
from course.figures import Figure, Node, bars, graph, ladder, lanes, tree
from course.site import scripts
from course.site.build import build
from course.trace import Trace

LESSON = "tiers/a/lesson"
PAGE = f"{LESSON}.html"
LIVE = """from course.figures import lanes
from course.trace import Trace
loans = Trace("Two loans, drawn by a run")
loans.record("Ada", "borrows", detail="<img src=x onerror=alert(1)>", left=1)
loans.record("Ben", "is refused", "error", detail="none left", left=1)
lanes(loans)"""


def lent() -> Trace:
    """Six events of each kind but `send`, with a value that changes, and one whose text looks like HTML."""
    trace = Trace("One copy, two readers", lanes=("Ann", "Ben"))
    trace.record("Ann", "loan", "enter", "the first to ask", copies=1)
    trace.record("Ann", "takes <b>Dune</b>", detail="<script>window.broken = 1</script>", copies=0)
    trace.record("Ben", "loan", "enter", "asks for the same book")
    trace.record("Ben", "refused", "error", "no copy is left", copies=0, refused=1)
    trace.record("Ben", "loan", "exit")
    trace.record("Ann", "loan", "exit", "brings it back", copies=1)
    return trace


def spoken() -> Trace:
    trace = Trace("A loan over HTTP")
    trace.send("client", "server", "POST /loans", "Ada wants Dune", loans=0)
    trace.record("server", "stores it", detail="before it answers", loans=1)
    trace.send("server", "client", "201 Created", loans=1)
    return trace


def built() -> Trace:
    trace = Trace("Built from below")
    for name, why in (("settings", "needs nothing"), ("limit", "has its settings"), ("endpoint", "has its limit")):
        trace.record(name, "called", detail=why, ready=name)
    return trace


def moved() -> Trace:
    trace = Trace("The life of a task")
    for start, end in (("created", "running"), ("running", "waiting"), ("waiting", "running"), ("running", "done")):
        trace.send(start, end, "task 1", state=end)
    return trace


def figures() -> dict[str, Figure]:
    """All pictures by the id of their cell; the last two carry nothing to step through."""
    ways = [("created", "running", "starts"), ("running", "waiting", "awaits"), ("waiting", "running", "is woken"),
            ("running", "done", "returns")]
    return {
        "lanes": lanes(lent()),
        "ladder": ladder(spoken()),
        "tree": tree(Node("endpoint", (Node("limit", (Node("settings"),)),)), "What it stands on", built()),
        "graph": graph(("created", "running", "waiting", "done"), ways, "The life of a task", moved()),
        "bars": bars({"threads": 40, "connections": 2}, "How many"),
        "still": graph(("A", "B"), [("A", "B", "points at")], "Nothing happens here"),
    }


def lesson() -> str:
    cells = [dict(book.code(f"draw_{name}()", book.svg(figure.svg)), id=name) for name, figure in figures().items()]
    cells.append(dict(book.code(LIVE), id="live"))
    return book.notebook(book.markdown("## Pictures\n\nText.\n"), *cells)


def publish(folder: Path) -> Path:
    """Write and build the book with its scripts and the page's Python; return the folder of the site."""
    shutil.copytree(scripts.bundle(book.ROOT), folder / scripts.BUNDLES, dirs_exist_ok=True)
    shutil.copy(book.ROOT / "package-lock.json", folder)
    book.small(folder, {f"{LESSON}.ipynb": lesson(), "book/how_to_run.md": "# How to run\n\nText.\n"})
    shutil.copy(book.ROOT / "book" / "exceptions.yml", folder / "book")
    return build(folder, runtime=runtime.assemble(book.ROOT)).resolve()
