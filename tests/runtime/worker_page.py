"""The transport to Python in the page by itself, without the page's cells: what it promises is tested here."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Error, Page, Request

from course.proof import browser_server
from course.proof.browser_page import BootError

Status = Literal["ok", "error", "lost", "timeout"]
BOOT_SECONDS = 120  # a machine that is busy with other tests needs a few seconds; a broken boot never ends

_START = """async ({base, env, files}) => {
  const { PyodideTransport } = await import(`${base}/runtime/pyodide.mjs`);
  window.python = new PyodideTransport(`${base}/runtime/`, { env, files, asks: false, spare: false });
  return window.python.start();
}"""
_RUN = """async ({source, name, timeout}) => {
  const outputs = [];
  const end = await window.python.run(source, { name, timeout, onOutput: (output) => outputs.push(output) });
  return { ...end, outputs };
}"""


@dataclass(frozen=True)
class CellRun:
    """What one cell did: the worker's messages in order, how it ended, and the seconds it took."""

    outputs: tuple[dict[str, Any], ...]
    status: Status
    seconds: float


@dataclass(frozen=True)
class Worker:
    """A fresh Python in the page. `python` is its version; `boot_seconds` is how long its start took."""

    page: Page
    python: str
    boot_seconds: float
    other_hosts: list[str]

    def run(self, source: str, name: str, timeout: float) -> CellRun:
        """Run one cell; after `timeout` seconds its worker is ended and the status is "timeout"."""
        done = self.page.evaluate(_RUN, {"source": source, "name": name, "timeout": timeout})
        return CellRun(tuple(done["outputs"]), done["status"], done["seconds"])


@contextmanager
def open_worker(browser: Browser, runtime: Path, *, env: Mapping[str, str] | None = None,
                folder: Path | None = None, files: Sequence[str] = (),
                policy: str = browser_server.POLICY) -> Iterator[Worker]:
    """Start a worker from the assembled `runtime` folder in a page of its own and close both afterwards.

    `files` are paths below `folder` that are put into its working directory; `env` becomes `os.environ`.
    Requests to other hosts are refused by `policy`; those that got past it are collected in `other_hosts`.
    Raises BootError.
    """
    folders = {"runtime": runtime, **({"lesson": folder} if folder else {})}
    with browser_server.serve(folders, policy) as base:
        page = browser.new_page()
        try:
            yield _boot(page, base, dict(env or {}), files)
        finally:
            page.close()


def _boot(page: Page, base: str, env: dict[str, str], files: Sequence[str]) -> Worker:
    other_hosts: list[str] = []

    def watch(request: Request) -> None:
        if request.url.startswith(("http:", "https:")) and not request.url.startswith(base + "/"):
            other_hosts.append(request.url)

    page.context.on("request", watch)
    page.goto(base)
    start = time.monotonic()
    options = {"base": base, "env": env,
               "files": [{"path": path, "url": f"{base}/lesson/{path}"} for path in files]}
    try:
        ready = page.evaluate(f"(options) => Promise.race([({_START})(options), new Promise((_, reject) => "
                              f"setTimeout(() => reject(new Error('no answer')), {BOOT_SECONDS * 1000}))])", options)
    except Error as error:
        raise BootError(f"Python did not start in the page served at {urlsplit(base).netloc}: {error.message}; "
                        "delete build/browser and run `python -m course.runtime`") from error
    return Worker(page, ready["python"], time.monotonic() - start, other_hosts)
