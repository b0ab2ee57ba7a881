"""The course and JupyterLab in a real browser."""

import hashlib
import re

import pytest
from local_server import Server
from playwright.sync_api import Page

from course.proof import chromium

SLOW = re.compile(r"^Plugin \S+ .* took [\d.]+ms to activate\.$")  # JupyterLab's remark on a machine that is busy


@pytest.mark.browser
def test_from_the_printed_address_to_a_cell_in_jupyterlab(server: Server) -> None:
    notebook = server.root / "tiers" / "demo.ipynb"
    before = hashlib.sha256(notebook.read_bytes()).hexdigest()
    with chromium.launch() as browser:
        page = browser.new_page()
        seen, complaints = _watch(page)
        _open_course(page, server)
        _run_first_cell(page, server)
        stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    addresses = [address for address, _ in seen]
    assert len(addresses) > 30, "JupyterLab was not loaded"
    assert [address for address in addresses if not address.startswith(_own(server))] == []
    assert [address for address in addresses[1:] if server.token in address] == []
    assert [headers for _, headers in seen if server.token in str(headers)] == []
    assert server.token not in stored
    assert complaints == []
    assert hashlib.sha256(notebook.read_bytes()).hexdigest() == before


def _open_course(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/course/?token={server.token}")
    assert page.url == f"{server.origin}/course/"
    assert page.evaluate("document.documentElement.dataset.courseServer") == "/"
    assert page.evaluate("document.body.dataset.script") == "ran"


def _run_first_cell(page: Page, server: Server) -> None:
    page.goto(f"{server.origin}/lab/tree/tiers/demo.ipynb")
    page.locator(".jp-Toolbar-kernelName", has_text="Python 3").wait_for(timeout=60_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    page.keyboard.press("Shift+Enter")
    output = page.locator(".jp-OutputArea-output").first
    output.wait_for(timeout=60_000)
    assert output.inner_text().strip() == "42"
    setting = page.evaluate("fetch('/lab/api/settings/@jupyterlab/docmanager-extension:plugin').then(r => r.json())")
    assert setting["schema"]["properties"]["autosave"]["default"] is False


def _watch(page: Page) -> tuple[list[tuple[str, dict[str, str]]], list[str]]:
    """Return what the page asks for, with headers, and what it complains about; both grow as it goes on."""
    seen: list[tuple[str, dict[str, str]]] = []
    complaints: list[str] = []
    page.on("request", lambda request: seen.append((request.url, request.headers)))
    page.on("websocket", lambda channel: seen.append((channel.url, {})))
    page.on("console", lambda message: message.type in ("error", "warning") and not SLOW.search(message.text)
            and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(error.message))
    return seen, complaints


def _own(server: Server) -> tuple[str, ...]:
    return (f"{server.origin}/", f"ws://127.0.0.1:{server.port}/", "data:", "blob:")
