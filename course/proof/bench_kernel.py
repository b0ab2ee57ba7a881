"""The time from pressing Run to the first output on a local kernel, as a page sees it, and what waiting costs."""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from course.proof import bench_thebe, chromium

ROUNDS = 5
ADDRESS = re.compile(r"http://\S+")
PAGE = "<!DOCTYPE html><html lang='en'><head><title>bench</title></head><body></body></html>"
# One transport for each path: each is a lesson with a kernel of its own.
CELL = """async ([path, source]) => {
  const { JupyterTransport } = await import("/course/_static/run/jupyter.mjs");
  const kernel = (globalThis.kernels ??= {})[path] ??= new JupyterTransport("/", { path });
  const begin = performance.now();
  const seconds = await new Promise((first) => kernel.run(source,
    { onOutput: () => first((performance.now() - begin) / 1000) }));
  return seconds;
}"""

# The lessons' kernels end before the next round.
END = """async () => {
  const { ask } = await import("/course/_static/run/jupyter.mjs");
  for (const { id } of await ask("/", "api/sessions")) await ask("/", `api/sessions/${id}`, { method: "DELETE" });
}"""


def first_output(root: Path) -> tuple[dict[str, float], int, int]:
    """Return median seconds to the first output, bytes of memory of the kernel that waits, and of thebe-core's scripts.

    Warm: a kernel waits, as it does soon after a page was opened. Cold: none does. Then a further cell of the same
    lesson. `root` is the repository, for its scripts.
    """
    rounds: list[tuple[float, float, float]] = []
    memory = 0
    with _server(root) as address, chromium.launch() as browser:
        page = browser.new_page()
        page.goto(address)
        for number in range(ROUNDS):
            page.reload()  # which lets the next kernel be started
            memory = _wait_for_spare(page)
            time.sleep(1)
            rounds.append((_time(page, f"warm{number}.ipynb"), _time(page, f"cold{number}.ipynb"),
                           _time(page, f"cold{number}.ipynb")))
            page.evaluate(END)
        thebe, scripts = bench_thebe.first_output(page)
    names = ("warm: a kernel waits", "cold: none waits", "a further cell")
    times = dict(zip(names, map(statistics.median, zip(*rounds, strict=True)), strict=True))
    return {**times, "thebe-core, a kernel waits": thebe}, memory, scripts


def _time(page: Page, path: str) -> float:
    return float(page.evaluate(CELL, [path, "print('first')"]))


def _wait_for_spare(page: Page) -> int:
    memory = None
    while memory is None:
        time.sleep(0.1)
        memory = page.evaluate("fetch('/api/course').then((r) => r.json()).then(({ kernel }) => kernel.memory)")
    return int(memory)


@contextmanager
def _server(root: Path) -> Iterator[str]:
    """Run the course's server on a site of one page; yield the address that lets a browser in."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        scripts = Path(folder) / "_build" / "html" / "_static" / "run"
        scripts.mkdir(parents=True)
        for script in (root / "web" / "run").glob("jupyter*.mjs"):
            shutil.copy(script, scripts)
        (scripts.parents[1] / "index.html").write_text(PAGE, encoding="utf-8")
        (Path(folder) / "_toc.yml").write_text("root: index\n", encoding="utf-8")
        process = subprocess.Popen([sys.executable, "-m", "course.cli", "serve", "--no-browser", "--port", "0"],
                                   cwd=folder, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            yield next(found.group() for line in process.stdout if (found := ADDRESS.search(line)))
        finally:
            process.terminate()
            process.wait(30)
            process.stdout.close()
