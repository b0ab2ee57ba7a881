"""Find a Chromium on this machine and open it without a single request to another host."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
       "/Applications/Chromium.app/Contents/MacOS/Chromium")
# Chromium's own services (updates, sync, variations) must not mix with the requests that tests count.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
         "--no-first-run", "--disable-default-apps", "--disable-features=OptimizationHints,MediaRouter")


class NoBrowserError(RuntimeError):
    """No Chromium was found and none could be installed; the message says how to get one."""


def find() -> str | None:
    """Return the path of the system's Chromium or Chrome, or None; `COURSE_CHROMIUM` overrides the search."""
    if override := os.environ.get("COURSE_CHROMIUM"):
        return override
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in (*on_path, *filter(os.path.exists, MAC)) if path), None)


def path() -> str:
    """Return the path of the browser that `launch` opens, for programs that open it themselves."""
    with sync_playwright() as playwright:
        return find() or playwright.chromium.executable_path


def ensure() -> None:
    """Make sure that a browser can be opened, installing one where needed.

    Order: the system's, Playwright's own download, Debian's package when root. Raises NoBrowserError.
    """
    with sync_playwright() as playwright:
        if find() or Path(playwright.chromium.executable_path).exists():
            return
    print("No Chromium on this machine: downloading one for the tests ...", flush=True)
    for command in _install_commands():
        if subprocess.run(command, check=False).returncode == 0:
            return
    raise NoBrowserError("no Chromium was found and none could be installed: install Chromium or Chrome, "
                         "or set COURSE_CHROMIUM to the path of one")


def _install_commands() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        yield ["sh", "-c", "apt-get update -qq && apt-get install -y -qq chromium"]


@contextmanager
def launch() -> Iterator[Browser]:
    """Open a headless Chromium and close it afterwards. Raises NoBrowserError with what to do."""
    with sync_playwright() as playwright:
        browser = _open(playwright)
        try:
            yield browser
        finally:
            browser.close()


def _open(playwright: Playwright) -> Browser:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*QUIET, *(["--no-sandbox"] if root else [])]  # Chromium refuses its sandbox as root
    try:
        return playwright.chromium.launch(executable_path=find(), args=arguments)
    except Error as error:
        raise NoBrowserError(f"Chromium did not start: {error.message.splitlines()[0]}; "
                             "run `python3 noxfile.py -s test` once, it installs one") from error
