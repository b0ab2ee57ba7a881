"""Find a stock Firefox on this machine, and open it headless with a profile of its own, ready for WebDriver BiDi.

`python -m course.proof.firefox` says nothing where there is one; else it says what to do, and exits with 1.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from course.proof.firefox_bidi import Bidi

NAMES = ("firefox", "firefox-esr")
ELSEWHERE = ("/Applications/Firefox.app/Contents/MacOS/firefox", r"C:\Program Files\Mozilla Firefox\firefox.exe")
REMEDY = ("install Firefox (Debian: apt-get install firefox-esr; other systems: https://www.mozilla.org/firefox), "
          "or set COURSE_FIREFOX to the path of one")
START_SECONDS = 120.0
STOP_SECONDS = 20.0
# Firefox's own services must not mix with what is tried: no updates, no reports, no first-run pages, no sync.
PREFERENCES: Mapping[str, bool | int | str] = {
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.aboutwelcome.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.active-protocols": 1,  # WebDriver BiDi
    "toolkit.telemetry.enabled": False,
}
LISTENS = "WebDriverBiDiServer.json"  # Firefox writes into its profile where it listens


class NoFirefoxError(RuntimeError):
    """No Firefox was found, or it did not start; the message says what to do."""


def find() -> str | None:
    """Return the path of this machine's Firefox, or None; `COURSE_FIREFOX` overrides the search."""
    if override := os.environ.get("COURSE_FIREFOX"):
        return override
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in (*on_path, *filter(os.path.exists, ELSEWHERE)) if path), None)


def require() -> str:
    """Return the path of this machine's Firefox. Raises NoFirefoxError with what to do."""
    path = find()
    if path is None or not Path(path).is_file():
        raise NoFirefoxError(f"no Firefox was found on this machine, so nothing is known about it: {REMEDY}")
    return path


@contextmanager
def launch(preferences: Mapping[str, bool | int | str] | None = None) -> Iterator[Bidi]:
    """Open Firefox headless in an empty profile; yield a BiDi session with it. Raises NoFirefoxError."""
    path = require()
    with tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True) as profile:
        _write(Path(profile), {**PREFERENCES, **(preferences or {})})
        command = [path, "--headless", "--no-remote", "--wait-for-browser", "--profile", profile,
                   "--remote-debugging-port", "0"]
        log = Path(profile) / "said.txt"
        with log.open("wb") as sink, _started(command, sink) as process:
            try:
                bidi = Bidi(_address(process, Path(profile) / LISTENS, log))
            except BaseException:
                process.terminate()
                raise
            try:
                yield bidi
            finally:
                bidi.close()  # which ends the browser


def _write(profile: Path, preferences: Mapping[str, bool | int | str]) -> None:
    """Write `user.js` of the profile: JavaScript's literals are those of JSON."""
    lines = [f"user_pref({_literal(name)}, {_literal(value)});\n" for name, value in preferences.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")


def _literal(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, int) else f'"{value}"'


@contextmanager
def _started(command: list[str], sink: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Run Firefox, and see to it that it ends: by itself when its session is closed, else by force."""
    environment = {**os.environ, "MOZ_CRASHREPORTER_DISABLE": "1"}
    process = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, env=environment)
    try:
        yield process
    finally:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _address(process: subprocess.Popen[bytes], listens: Path, log: Path) -> str:
    """Return the WebSocket's address once Firefox listens. Raises NoFirefoxError."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError, ValueError, KeyError):  # not there yet, or half written
            where = json.loads(listens.read_text(encoding="utf-8"))
            return f"ws://{where['ws_host']}:{where['ws_port']}"
        time.sleep(0.05)
    said = log.read_text(encoding="utf-8", errors="replace").strip()
    raise NoFirefoxError(f"Firefox did not start: {said[-500:] or 'it said nothing'}; {REMEDY}")


def main() -> int:
    """Say what to do where there is no Firefox; return the exit status."""
    try:
        require()
    except NoFirefoxError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
