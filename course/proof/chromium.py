"""Find a Chromium on this machine and open it without a single request to another host."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

SHELL = "chromium-headless-shell"  # the same engine without windows: half the processor time of the whole browser
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
       "/Applications/Chromium.app/Contents/MacOS/Chromium")
INSTALL = 300.0  # seconds
# Chromium's own services (updates, sync, variations) must not mix with the requests that tests count.
QUIET = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
         "--no-first-run", "--disable-default-apps", "--disable-features=OptimizationHints,MediaRouter")


class NoBrowserError(RuntimeError):
    """No Chromium was found and none could be installed; the message says how to get one."""


def find() -> str | None:
    """Return the path of the system's Chromium or Chrome, or None; `COURSE_CHROMIUM` overrides the search."""
    return os.environ.get("COURSE_CHROMIUM") or shutil.which(SHELL) or _whole()


def _whole() -> str | None:
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in (*on_path, *filter(os.path.exists, MAC)) if path), None)


def path() -> str:
    """Return the path of a whole browser, such as readers use, for programs that open one themselves."""
    with sync_playwright() as playwright:
        return os.environ.get("COURSE_CHROMIUM") or _whole() or find() or playwright.chromium.executable_path


def ensure() -> None:
    """Make sure that a browser can be opened, installing one where needed.

    Order: what is there; as root on Debian its headless shell, also beside a whole browser; Playwright's own
    download. Raises NoBrowserError.
    """
    with sync_playwright() as playwright:
        found = find() or (str(own) if (own := Path(playwright.chromium.executable_path)).exists() else None)
    if found and (os.environ.get("COURSE_CHROMIUM") or shutil.which(SHELL) or not _debian()):
        return
    if _debian():
        print(f"Installing Debian's {SHELL}, in which the tests take half the time ...", flush=True)
        if any(map(_done, _debians_commands())) or found:
            return
    print("No Chromium on this machine: downloading one for the tests ...", flush=True)
    if _done([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]):
        return
    raise NoBrowserError("no Chromium was found and none could be installed: install Chromium or Chrome, "
                         "or set COURSE_CHROMIUM to the path of one")


def _debian() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _debians_commands() -> Iterator[list[str]]:
    for package in (SHELL, *(() if _whole() else ("chromium",))):  # Ubuntu has only the latter
        install = f"apt-get install -y -qq {package} >/dev/null"
        yield ["sh", "-c", install]
        yield ["sh", "-c", f"apt-get update -qq && {install}"]


def _done(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, timeout=INSTALL, stdin=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False


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
