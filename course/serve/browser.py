"""Open the reader's browser, where there is one to look at."""

import sys
import threading
import webbrowser
from collections.abc import Mapping


def can_be_seen(platform: str, environment: Mapping[str, str]) -> bool:
    """Say whether a browser opened here would appear before the reader.

    `platform` is `sys.platform`. Without this question `webbrowser` opens a text browser in the very
    terminal that runs the server.
    """
    if environment.get("BROWSER"):  # the reader's own choice; remote editors set it too
        return True
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def show(address: str, environment: Mapping[str, str]) -> None:
    """Open `address` in the reader's browser without waiting for it; do nothing where there is none."""
    if not can_be_seen(sys.platform, environment):
        return
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return
    threading.Thread(target=browser.open, args=(address,), daemon=True).start()
