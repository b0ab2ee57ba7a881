"""Print the course's figures: builds, page weight, notebooks against plain scripts, PostgreSQL's start.

Times depend on the machine; what compares is measured side by side in one run. Each time is the median of three.
"""

import ast
import asyncio
import inspect
import linecache
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from course import repository
from course.proof import (
    bench_boot,
    bench_check,
    bench_default,
    bench_kernel,
    bench_search,
    bench_weight,
    lighthouse,
    notebook_files,
    suite,
)
from course.proof.notebooks import command
from course.services.postgres import Cluster

ROUNDS = 3
LEFT_OUT = (".git", ".venv", ".nox", "_build", "build", "node_modules", "work", ".*_cache", "__pycache__")


def median(action: Callable[[], object]) -> float:
    """Return the median duration of `action` in seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def builds(root: Path) -> dict[str, float]:
    """Return the seconds of a clean build, of one with nothing to do, and of one after an edit of one page."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        page = copy / "book" / "errata.md"

        def build() -> None:
            subprocess.run([sys.executable, "-m", "course.site.build"], cwd=copy, check=True, capture_output=True)

        def clean() -> None:
            shutil.rmtree(copy / "_build", ignore_errors=True)
            build()

        def edit() -> None:
            page.write_text(page.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
            build()

        return {"clean build": median(clean), "no-op build": median(build), "one page edited": median(edit)}


def weights(root: Path) -> None:
    """Print what each kind of page weighs, beside a default Jupyter Book of the same content."""
    print("\nPage weight before anything runs (gzip), requests, and requests to other hosts")
    with tempfile.TemporaryDirectory() as folder:
        theirs = bench_weight.weigh(bench_default.build(root, Path(folder)))
    for kind, ours in bench_weight.weigh(root / "_build" / "html").items():
        for name, weight in (("ours", ours), ("default Jupyter Book", theirs.get(kind))):
            if weight:
                print(f"  {kind:<10} {name:<22} {weight.size / 1000:7.1f} KB  {weight.requests:3d}  "
                      f"{weight.elsewhere:3d}", flush=True)


def run_plainly(path: Path) -> None:
    """Run a notebook's code cells as one script would: in this process, with top-level await, nothing compared."""
    names: dict[str, object] = {"__name__": "__main__"}

    async def script() -> None:
        for cell in notebook_files.code_cells(notebook_files.read(path)):
            lines = cell.source.splitlines(keepends=True)
            linecache.cache[cell.id] = (len(cell.source), None, lines, cell.id)  # for inspect.getsource, as in a kernel
            try:
                code = compile(cell.source, cell.id, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                running = eval(code, names)
                if inspect.isawaitable(running):
                    await running
            except Exception:
                if "raises-exception" not in notebook_files.tags(cell):
                    raise

    asyncio.run(script())


def notebooks(root: Path) -> dict[str, float]:
    """Return the seconds of proving all notebooks, and of running the same code as plain scripts."""
    paths = notebook_files.all_notebooks(root)
    environment = {**os.environ, "COURSE_PROOF": "1"}
    script = "import sys; from pathlib import Path; from course.proof.bench import run_plainly; " \
             "run_plainly(Path(sys.argv[1]))"

    def run(arguments: list[str], folder: Path = root) -> None:
        subprocess.run(arguments, cwd=folder, env=environment, check=True, capture_output=True)

    def scripts() -> None:
        for path in paths:  # each from its own folder, where a lesson finds its modules
            run([sys.executable, "-c", script, str(path)], path.parent)

    return {"plain scripts": median(scripts),
            "nbval, one kernel at a time": median(lambda: run(command(root, paths, 1))),
            "nbval, as the tests do it": median(lambda: run(command(root, paths, min(2, len(paths)))))}


def postgres() -> dict[str, float]:
    """Return the seconds until PostgreSQL accepts connections: on a new data folder, and on an existing one."""
    with tempfile.TemporaryDirectory() as folder:
        clusters = [Cluster(Path(folder) / f"data {number}") for number in range(ROUNDS)]
        return {"cold, on a new data folder": statistics.median(map(_start, clusters)),
                "warm, on an existing one": statistics.median(map(_start, clusters))}


def _start(cluster: Cluster) -> float:
    start = time.perf_counter()
    cluster.start()
    elapsed = time.perf_counter() - start
    cluster.stop()
    return elapsed


def report(title: str, times: dict[str, float]) -> None:
    """Print times under a title, each also as a ratio to the first."""
    first = next(iter(times.values()))
    print(f"\n{title}", flush=True)
    for name, seconds in times.items():
        print(f"  {name:<28} {seconds:7.2f} s  {seconds / first:5.2f} x", flush=True)


def build_all(root: Path) -> None:
    """Build the site with the page's own Python, which a fresh clone does not have, as the tests do."""
    for step in suite.STEPS:
        if step.name in ("browser runtime", "site"):
            subprocess.run([sys.executable, *step.arguments], cwd=root, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Print all figures."""
    root = repository.root()
    build_all(root)
    report(f"Site of {len(list(root.glob('_build/html/**/*.html')))} pages", builds(root))
    weights(root)
    lighthouse.report(root, root / "_build" / "html")
    bench_search.report(root)
    report("Notebooks", notebooks(root))
    report("PostgreSQL accepts connections", postgres())
    times, memory, scripts = bench_kernel.first_output(root)
    report("First output on a local kernel", times)
    print(f"  the kernel that waits takes {memory / 1e6:.0f} MB; thebe-core's scripts {scripts / 1000:.0f} KB (gzip)")
    _boots("Exercises checked in the page", bench_check.checks(root, root / "_build" / "html"), ("first", "again"))
    _boots("In the page, from Run to the output, on this machine", bench_boot.boots(root))
    _boots("In the page over 20 Mbit/s and 30 ms",
           bench_boot.boots(root, bench_boot.FAR, ("first output",)))
    return 0


def _boots(title: str, times: dict[str, tuple[float, float]], heads: tuple[str, str] = ("cold", "warm")) -> None:
    """Print pairs of times, by default of a first and of a second visit."""
    print(f"\n{title}\n  {'':<46} {heads[0]:>7}  {heads[1]:>7}", flush=True)
    for name, (cold, warm) in times.items():
        print(f"  {name:<46} {cold:7.2f}  {warm:7.2f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
