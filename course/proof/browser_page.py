"""Press the reader's own Run button in a built page, and see what its cell then says and shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Error, Locator, Page, Request

from course.proof import browser_server

Status = Literal["ok", "error", "lost", "timeout", "asks"]
HOST_FOLDER = "repo"  # a static host offers a project below a path of its own, https://host/repo/
BOOT_SECONDS = 120.0  # a machine that is busy with other tests needs a few seconds; a broken boot never ends
STOP_SECONDS = 30.0

# Collects what the cells report (web/cell/cell.mjs) from before the first script of the page on.
_LISTEN = """
window.proof = { outputs: [], end: null };
addEventListener("course-output", ({ detail }) => {
  const { reply, ...message } = detail;
  window.proof.outputs.push(message);
  if (detail.type === "input") window.proof.end ??= { status: "asks", seconds: 0 };
});
addEventListener("course-end", ({ detail }) => { window.proof.end ??= { ...detail }; });
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error(`the page's policy (${violatedDirective}) forbade ${blockedURI}`));
"""
# Gives how the run ended; {status: "timeout"} while it goes on, {status: "never"} when it was given up without a word.
_WAIT = """async ([cell, boot, seconds]) => {
  let left = boot;
  for (let last = performance.now(); !window.proof.end;) {
    const { busy } = cell.dataset;
    if (!busy) return { status: "never", seconds: 0 };
    if (busy === "running") left = Math.min(left, seconds);
    if (left <= 0) return { status: busy === "running" ? "timeout" : "never", seconds };
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    left -= (performance.now() - last) / 1000;
    last = performance.now();
  }
  return window.proof.end;
}"""
# Reads what stands in the place of the output: a list of parts with their class, text and picture.
_READ = """async (cell) => {
  const place = cell.querySelector(".cell_output");
  if (!place) return [];
  await Promise.all([...place.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
  return [...place.children].map((child) => {
    const part = child.matches(".played") ? child.querySelector(".picture") : child; // a picture with the player's bar
    const picture = part.querySelector("svg, img");
    const { width = 0, height = 0 } = picture?.getBoundingClientRect() ?? {};
    return { kind: part.className, seen: part.checkVisibility() && place.dataset.from === "run",
      text: (part.querySelector("pre") ?? part).textContent,
      picture: picture && { tags: [...picture.querySelectorAll("*")].map((one) => one.localName), width, height,
        loaded: picture.naturalWidth ?? null, words: [...picture.querySelectorAll("text, title, desc")]
          .map((one) => one.textContent) } };
  });
}"""


class BootError(RuntimeError):
    """Python in the page did not start; the message holds the browser's reason."""


@dataclass(frozen=True)
class CellRun:
    """What one cell did.

    `outputs` are the messages of its Python in order, `shown` the parts that then stood in the page (see _READ).
    The status "asks" means that it waits for a line of input.
    """

    outputs: tuple[dict[str, Any], ...]
    shown: tuple[dict[str, Any], ...]
    status: Status
    seconds: float


@dataclass
class LessonPage:
    """A lesson opened as a reader opens it. `complaints` are errors of the page, `other_hosts` addresses it asked."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    other_hosts: list[str] = field(default_factory=list)

    def cells(self) -> list[str]:
        """Return the ids of the cells that have buttons, in order."""
        named = self.page.locator("div.cell[data-cell]:has(.cell-run)")
        return [str(name) for name in named.evaluate_all("(cells) => cells.map((cell) => cell.dataset.cell)")]

    def run(self, name: str, timeout: float) -> CellRun:
        """Press Run in the cell with the id `name`; after `timeout` seconds of running, press Stop.

        Raises BootError when Python does not start.
        """
        cell = self.page.locator(f'div.cell[data-cell="{name}"]')
        self.page.evaluate("window.proof.outputs = []; window.proof.end = null;")
        cell.locator(".cell-run").click()
        element = cell.element_handle()
        end = self.page.evaluate(_WAIT, [element, BOOT_SECONDS, timeout])
        if end["status"] in ("timeout", "asks"):
            self._stop(cell)
        if end["status"] in ("never", "failed"):
            raise BootError(self._why(cell, end))
        shown = () if end["status"] in ("timeout", "asks") else self.page.evaluate(_READ, element)
        return CellRun(tuple(self.page.evaluate("window.proof.outputs")), tuple(shown), end["status"], end["seconds"])

    def _stop(self, cell: Locator) -> None:
        cell.locator(".cell-stop").click()
        cell.locator(".cell-run").wait_for(timeout=STOP_SECONDS * 1000)

    def _why(self, cell: Locator, end: dict[str, Any]) -> str:
        said = [end.get("message") or cell.locator(".cell-notice").inner_text() or "no answer", *self.complaints]
        return (f"Python did not start in {self.page.url}: {'; '.join(said)}; delete build/browser, run "
                "`python -m course.runtime`, and build the site anew")


@dataclass(frozen=True)
class Site:
    """A book's folder, the address at which its built pages are served, and the version of its pages' Python."""

    root: Path
    address: str
    python: str


@contextmanager
def serve(root: Path, site: Path) -> Iterator[Site]:
    """Serve the folder `site`, built from the book `root`, as a static host does: in a sub-path and without headers.

    Raises BootError when it does not hold the page's own Python.
    """
    manifest = site / "runtime" / "runtime.json"
    if not manifest.is_file():
        raise BootError(f"{site} has no Python for its pages: run `python -m course.runtime`, "
                        "then `python -m course.site.build --runtime build/browser`")
    python = json.loads(manifest.read_text(encoding="utf-8"))["lock"]["info"]["python"]
    with browser_server.serve({HOST_FOLDER: site}, policy="") as base:
        yield Site(root, f"{base}/{HOST_FOLDER}/", python)


@contextmanager
def open_page(browser: Browser, address: str, name: str) -> Iterator[LessonPage]:
    """Open the page `name` of the site at `address` in a browser that has never seen it. Raises BootError."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        lesson = LessonPage(context.new_page())

        def watch(request: Request) -> None:
            if request.url.startswith(("http:", "https:")) and not request.url.startswith(address):
                lesson.other_hosts.append(request.url)

        context.on("request", watch)
        lesson.page.on("pageerror", lambda error: lesson.complaints.append(error.message))
        lesson.page.on("console", lambda said: lesson.complaints.append(said.text) if said.type == "error" else None)
        lesson.page.add_init_script(_LISTEN)
        try:
            answer = lesson.page.goto(address + name)
        except Error as error:
            raise BootError(f"{address}{name}: {error.message}") from error
        if answer is None or not answer.ok:
            raise BootError(f"the site has no page {name}: build it with `python -m course.site.build`")
        yield lesson
